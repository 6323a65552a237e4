"""What is sought by leaving its opposite out: a negative prompt that excludes clothes asks for undressing."""

from __future__ import annotations

import re
from collections.abc import Collection
from csv import DictReader
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from services.chassis.errors import PolicyError
from services.prompt_filter.evidence import Finding
from services.prompt_filter.lexicon import Entry, Grade, Role
from services.prompt_filter.matching.hits import Hit
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.syntax import Parsed

_ITEM: Final = re.compile(r"[^,.;|\n、،।。]+")
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


@dataclass(frozen=True)
class Exclusions:
    """Tells what leaving something out asks for.

    Attributes:
        clothes: canonical words of other languages than English.
        nakedness: likewise.
    """

    clothes: Collection[str] = frozenset()
    nakedness: Collection[str] = frozenset()

    @classmethod
    def load(cls, path: Path, fold: CharacterFold) -> Self:
        """Read rows of `language`, `what` and `words`, which are divided by `|`.

        PolicyError names file and line of a bad row.
        """
        words: dict[str, set[str]] = {"clothes": set(), "nakedness": set()}
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(DictReader(file, delimiter="\t"), start=2):
                what, listed = row.get("what"), row.get("words")
                if what not in words or not listed:
                    raise PolicyError(f"{path.name} line {number}: needs words of {' or '.join(words)}")
                words[what] |= {canonicalise(word, fold).text for word in listed.split("|")}
        return cls(**{what: frozenset(found) for what, found in words.items()})

    def undressing(self, text: str, parsed: Parsed, negative: str) -> Finding | None:
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
        items = [
            (start, end, item.lstrip(_BEFORE).rstrip(_BEHIND))
            for start, end, left_out in (*inline, (0, 0, negative))
            for item in _ITEM.findall(left_out)
        ]
        if any(map(self._is_nakedness, {item for *_, item in items})):
            return None
        return next(
            (Finding(Hit(_ENTRY, start, end)) for start, end, item in items if self._is_covering(item)), None
        )

    def _is_covering(self, item: str) -> bool:
        return item in self.clothes or _COVERING.fullmatch(item) is not None

    def _is_nakedness(self, item: str) -> bool:
        return item in self.nakedness or _NAKEDNESS.search(item) is not None
