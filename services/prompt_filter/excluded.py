"""What is sought by leaving its opposite out: a negative prompt that excludes clothes asks for undressing."""

from __future__ import annotations

import re
from typing import Final

from services.prompt_filter.evidence import Finding
from services.prompt_filter.lexicon import Entry, Grade, Role
from services.prompt_filter.matching.hits import Hit
from services.prompt_filter.text.syntax import Parsed

_ITEM: Final = re.compile(r"[^,.;|\n]+")
# An item by itself: "ugly clothes" and "clothes rack" leave no clothes out.
_COVERING: Final = re.compile(
    r"[\s(\[{]*(?:(?:any|all|the|her|his|their|wearing|fully|no)\s+)*"
    r"(?:cloth(?:es|ing|ed)|dressed|garments?|attire|underwear|undergarments?|bras?|panties|swimsuits?|bikinis?"
    r"|censor\w*(?:\s+bars?)?|mosaic(?:\s+censor\w*)?|pixelat\w+)"
    r"[\s)\]}]*(?::?\s*[\d.]*)[\s)\]}]*"
)
# Who leaves nakedness out as well wants no undressing.
_NAKEDNESS: Final = re.compile(
    r"\b(?:nsfw|nud\w*|naked\w*|topless|sexual\w*|sexy|porn\w*|explicit|lewd|erotic\w*)\b"
)
_MARKER: Final = re.compile(r"\s*(?:negative[ _]?prompt\s*:|--no\b)")
_ENTRY: Final = Entry("undress-excluded-covering", "", Role.UNDRESS, Grade.EXPLICIT, "en", "palisade")


def undressing(parsed: Parsed, negative: str) -> Finding | None:
    """An undressing finding where clothes are to be left out, and nakedness is not.

    Args:
        negative: canonical text of a negative prompt that came by itself. It has no place in the
            prompt: what is found there is said of its beginning.
    """
    inline = [(*place, _MARKER.sub("", parsed.text[slice(*place)])) for place in parsed.excluded]
    if any(_NAKEDNESS.search(text) for *_, text in ((0, 0, negative), *inline)):
        return None
    for start, end, text in (*inline, (0, 0, negative)):
        if any(_COVERING.fullmatch(item.group()) for item in _ITEM.finditer(text)):
            return Finding(Hit(_ENTRY, start, end))
    return None
