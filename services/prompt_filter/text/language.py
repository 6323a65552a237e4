"""A guess at the language of a text: good enough to know where English rules do not hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

ENGLISH = "en"
UNKNOWN = ""
_LONG = 4
_A_FEW_WORDS = 12
_SCRIPTS = {
    "ARABIC": "ar", "CJK": "zh", "CYRILLIC": "ru", "DEVANAGARI": "hi", "HANGUL": "ko", "HIRAGANA": "ja",
    "KATAKANA": "ja", "THAI": "th",
}  # fmt: skip


class Languages:
    """Knows languages by their small words, and by script where the script says it."""

    def __init__(self, words: Mapping[str, Collection[str]], dictionary: Collection[str]) -> None:
        self._english = frozenset(words[ENGLISH])
        self._others = {language: frozenset(own) for language, own in words.items() if language != ENGLISH}
        self._any_other = frozenset().union(*self._others.values())
        self._dictionary = dictionary

    @classmethod
    def load(cls, path: Path, dictionary: Collection[str]) -> Languages:
        """Read `language<TAB>words` rows."""
        rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
        return cls({row[0]: row[1].split() for row in rows if len(row) == 2}, dictionary)

    def of(self, words: Sequence[str], original: str) -> str:
        """`en`, another language's code, or UNKNOWN for text that is not English either.

        Args:
            words: the words of the canonical text.
            original: the text as it was written, for its script.
        """
        if not original.isascii() and (script := self._by_script(original)):
            return script
        if not self._any_other.isdisjoint(words):
            return self._by_words(words)
        english = not self._english.isdisjoint(words) or not self._mostly_unknown(words)
        return ENGLISH if english else UNKNOWN

    def _by_words(self, words: Sequence[str]) -> str:
        """The language with the most small words; English where it has as many."""
        english = sum(word in self._english for word in words)
        counts = {name: sum(word in own for word in words) for name, own in self._others.items()}
        best = max(counts, key=lambda name: (counts[name], name))
        if counts[best] > english or (counts[best] == english and self._mostly_unknown(words)):
            return best
        return ENGLISH

    def _mostly_unknown(self, words: Sequence[str]) -> bool:
        long = [word for word in words if len(word) >= _LONG and word.isalpha()]
        unknown = sum(word not in self._dictionary for word in long)
        return len(long) >= _LONG and unknown * 5 >= len(long) * 2

    @staticmethod
    def _by_script(original: str) -> str:
        """The language of the commonest script other than Latin, where most letters are of it."""
        letters = [character for character in original[:200] if character.isalpha()]
        other = [character for character in letters if not character.isascii()]
        # A disguised word or two is no text of another script.
        if len(other) * 2 <= len(letters) or len(other) < _A_FEW_WORDS:
            return ""
        scripts = [unicodedata.name(character, "").split(" ")[0] for character in other]
        commonest = max(sorted(set(scripts)), key=scripts.count)
        return "ja" if {"HIRAGANA", "KATAKANA"} & set(scripts) else _SCRIPTS.get(commonest, "")
