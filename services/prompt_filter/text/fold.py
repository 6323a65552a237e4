"""Folding single characters: compatibility forms, look-alikes, styled alphabets, emoji, marks.

Every character is folded by itself, so lexicon terms and prompts meet in one folded space
and offsets stay exact. Sources: Unicode NFKC (UAX #15), confusables (UTS #39), and
`data/fold/*.tsv`, which name their own.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

_LATIN_MARKS = range(0x0300, 0x0370)


class CharacterFold(dict[str, str]):
    """Maps a character to what it is matched as; learns each character once.

    An empty string means that the character disappears (format characters, variation
    selectors, tags, Latin combining marks).
    """

    def __init__(self, look_alikes: dict[str, str], emoji: dict[str, str]) -> None:
        super().__init__()
        self._look_alikes = look_alikes
        self._emoji = emoji

    @classmethod
    def load(cls, folder: Path) -> CharacterFold:
        """Read `look_alikes.tsv` and `emoji.tsv`: hex code point, tab, replacement."""
        return cls(_table(folder / "look_alikes.tsv"), _table(folder / "emoji.tsv"))

    def __missing__(self, character: str) -> str:
        folded = self._fold(character)
        self[character] = folded
        return folded

    def _fold(self, character: str) -> str:
        if character in self._emoji:
            return f" {self._emoji[character]} "
        if character in self._look_alikes:
            return self._look_alikes[character]
        # Unified ideographs and Hangul syllables have no case; what they decompose into is not wanted.
        if "\u3400" <= character < "\ua000" or "\uac00" <= character < "\ud7a4":
            return character
        if vanishes(character):
            return ""
        return self._decomposed(character)

    def _decomposed(self, character: str) -> str:
        """Without compatibility forms and Latin marks, look-alikes resolved."""
        decomposed = unicodedata.normalize("NFKD", character)
        kept = "".join(part for part in decomposed if ord(part) not in _LATIN_MARKS)
        if kept == character:
            return character.lower()
        return "".join(self._look_alikes.get(part, part) for part in kept).lower()


def vanishes(character: str) -> bool:
    """Format and tag characters, variation selectors, soft hyphens, Latin combining marks."""
    point = ord(character)
    if point < 0x80:
        return False
    if point in _LATIN_MARKS or 0xFE00 <= point <= 0xFE0F or 0xE0000 <= point <= 0xE01EF:
        return True
    return unicodedata.category(character) == "Cf" or character in "\u115f\u1160\u3164\uffa0\u034f\u2800"


def _table(path: Path) -> dict[str, str]:
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {chr(int(row[0], 16)): row[1] for row in rows if len(row) >= 2 and not row[0].startswith("#")}
