"""What is sought by leaving its opposite out: a negative prompt that excludes clothes asks for undressing."""

from __future__ import annotations

import re
from typing import Final

from services.prompt_filter.evidence import Finding
from services.prompt_filter.lexicon import Entry, Grade, Role
from services.prompt_filter.matching.hits import Hit
from services.prompt_filter.text.syntax import Parsed

_ITEM: Final = re.compile(r"[^,.;|\n]+")
_CLOTHES: Final = (
    r"(?:cloth(?:es|ing|ed)|dressed|garments?|attire|underwear|undergarments?|bras?|panties|swimsuits?|bikinis?"
    r"|censor\w*(?: bars?)?|mosaic(?: censor\w*)?|pixelat\w+)"
)
# Around an item: brackets, and a weight behind it. They are stripped, for a pattern of them would be slow.
_BEFORE: Final = " \t\r([{"
_BEHIND: Final = " \t\r)]}:0123456789."
# An item by itself: "ugly clothes" and "clothes rack" leave no clothes out.
_COVERING: Final = re.compile(rf"(?:(?:any|all|the|her|his|their|wearing|fully|no) )*{_CLOTHES}")
# (clothes:-1.2), clothes::-.5
_OUTWEIGHED: Final = re.compile(rf"\b{_CLOTHES} ?::? ?- ?\.?\d")
# Who leaves nakedness out as well wants no undressing.
_NAKEDNESS: Final = re.compile(
    r"\b(?:nsfw|nud\w*|naked\w*|topless|sexual\w*|sexy|porn\w*|explicit|lewd|erotic\w*)\b"
)
_MARKER: Final = re.compile(r"negative[ _]?prompt\s*:|--no\b")
_ENTRY: Final = Entry("undress-excluded-covering", "", Role.UNDRESS, Grade.EXPLICIT, "en", "palisade")


def leaves_out(text: str, parsed: Parsed, negative: str) -> bool:
    """Whether a prompt asks for anything to be left out, at a first look."""
    return bool(parsed.excluded or negative) or ":-" in text or ": -" in text


def undressing(text: str, parsed: Parsed, negative: str) -> Finding | None:
    """An undressing finding where clothes are to be left out, and nakedness is not.

    Args:
        text: the canonical text, its weights included.
        parsed: the same without syntax.
        negative: canonical text of a negative prompt that came by itself. It has no place in the
            prompt: what is found there is said of its beginning.
    """
    if outweighed := _OUTWEIGHED.search(text):
        return Finding(Hit(_ENTRY, *outweighed.span()))
    inline = [(*place, _MARKER.sub("", parsed.text[slice(*place)], count=1)) for place in parsed.excluded]
    if any(_NAKEDNESS.search(left_out) for *_, left_out in ((0, 0, negative), *inline)):
        return None
    for start, end, left_out in (*inline, (0, 0, negative)):
        if any(map(_is_covering, _ITEM.findall(left_out))):
            return Finding(Hit(_ENTRY, start, end))
    return None


def _is_covering(item: str) -> bool:
    return _COVERING.fullmatch(item.lstrip(_BEFORE).rstrip(_BEHIND)) is not None
