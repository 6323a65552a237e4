"""Folding single characters: compatibility forms, look-alikes, styled alphabets, emoji, marks.

Every character is folded by itself, so lexicon terms and prompts meet in one folded space
and offsets stay exact. Sources: Unicode NFKC (UAX #15), confusables (UTS #39), `data/fold/*.tsv`,
which name their own, and for Arabic what Lucene's ArabicNormalizer does.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

_LATIN_MARKS = range(0x0300, 0x0370)
# Thai and kana are sought inside runs of characters: their marks may stay what they are.
_SOUGHT_WITH_MARKS = (range(0x0E00, 0x0F00), range(0x3099, 0x309B))
_NASAL = ("ANUSVARA", "CANDRABINDU", "BINDI", "TIPPI")
# Arabic letters that people write for each other, and the stroke that draws words out.
_ARABIC = str.maketrans({"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": ""})


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
        _, small_capital, letter = unicodedata.name(character, "").partition("LATIN LETTER SMALL CAPITAL ")
        if small_capital and len(letter) == 1:
            return letter.lower()
        return self._decomposed(character)

    def _decomposed(self, character: str) -> str:
        """Without compatibility forms and Latin marks, look-alikes resolved."""
        decomposed = unicodedata.normalize("NFKD", character)
        kept = "".join(map(_unmarked, decomposed)).translate(_ARABIC)
        if kept == character:
            return character.lower()
        return "".join(self._look_alikes.get(part, part) for part in kept).lower()


def _unmarked(character: str) -> str:
    """A mark that is a sound of its own as the letter for it, no other mark."""
    point = ord(character)
    if point < _LATIN_MARKS.start or unicodedata.category(character)[0] != "M":
        return character
    if any(point in marks for marks in _SOUGHT_WITH_MARKS):
        return character
    script, _, what = unicodedata.name(character, "").partition(" ")
    if what.startswith("VOWEL SIGN "):
        return _letter(script, what.removeprefix("VOWEL SIGN "))
    return _letter(script, "NGA") if what.endswith(_NASAL) else ""


def _letter(script: str, name: str) -> str:
    try:
        return unicodedata.lookup(f"{script} LETTER {name}")
    except KeyError:
        return ""


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
