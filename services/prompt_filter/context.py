"""What is said of a found term: asked for, asked to be left out, or only mentioned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from services.prompt_filter.text.syntax import Parsed

_NEGATIONS = (
    "no|not|non|without|never|avoid|avoiding|exclude|excluding|remove any|free of|zero|minus"
    "|isn't|aren't|don't|do not|sin|sans|ohne|senza|sem|bez|zonder|без|没有|なし"
)
_NEGATION = re.compile(
    rf"\b(?:{_NEGATIONS})\s+(?:any\s+|a\s+|the\s+|some\s+)?(?:\w+(?:,|\s+or|\s+and)?\s+){{0,2}}$"
)
_BEGINS_A_NEGATION = frozenset(re.split(r"\W", one)[0] for one in _NEGATIONS.split("|"))
# "no clothes", "without underwear": leaving these out is the very thing that is sought.
_COVERING = re.compile(
    r"\b(?:cloth(?:es|ing)|dress|underwear|bras?|panties|lingerie|swimsuit|bikini|shirts?|tops?|bottoms?|blouse"
    r"|skirt|trousers|pants|jeans|coat|robe|towel|garments?|outfit|attire|stitch|thread|coverings?"
    r"|anything on|censor\w*)\b"
)
_MENTION = re.compile(
    r"\b(?:word|words|sign|text|says|saying|reads|reading|titled|named|called|letters|caption|spelling|logo|poster)\b"
    r"[^\"'“”«»]{0,30}[\"'“”«]$"
)
_QUOTE = re.compile("[\"'“”«]")
_WINDOW = 60


class Standing(StrEnum):
    """How a term stands in the prompt."""

    SOUGHT = "sought"
    EXCLUDED = "excluded"
    MENTIONED = "mentioned"
    # Perhaps something else was meant.
    DOUBTFUL = "doubtful"


def perhaps_not_sought(text: str, words: Sequence[str]) -> bool:
    """Whether anything in a text of these words, without negative prompt, may be excluded or mentioned."""
    return not _BEGINS_A_NEGATION.isdisjoint(words) or bool(_QUOTE.search(text))


def standing(parsed: Parsed, start: int, end: int) -> Standing:
    """How the term at `text[start:end]` stands."""
    if parsed.excluded and parsed.excludes(start):
        return Standing.EXCLUDED
    before = parsed.text[max(0, start - _WINDOW) : start]
    negated = _NEGATION.search(before)
    # In "no clothes on, somebody" it is the clothes that are to be left out.
    if negated and not _COVERING.search(negated.group()) and not _COVERING.search(parsed.text, start, end):
        return Standing.EXCLUDED
    return Standing.MENTIONED if _MENTION.search(before) else Standing.SOUGHT
