"""A guess at the language of a text: good enough to know where English rules do not hold."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

ENGLISH = "en"
UNKNOWN = ""
_LONG = 4
_A_FEW_WORDS = 12
_SHORTEST_TEXT = 4
_NEVER_LATIN = frozenset({"ARABIC", "CJK", "DEVANAGARI", "HANGUL", "HIRAGANA", "KATAKANA", "THAI"})
_SCRIPTS = {
    "ARABIC": "ar", "CJK": "zh", "CYRILLIC": "ru", "DEVANAGARI": "hi", "HANGUL": "ko", "HIRAGANA": "ja",
    "KATAKANA": "ja", "THAI": "th",
}  # fmt: skip


# Divisible by every number of languages that share a word.
_WHOLE = 27_720
_TELLING = {
    letter: language
    for language, letters in (
        ("es", "ñ¿¡"), ("pt", "ãõ"), ("pl", "łąęśżźń"), ("de", "ß"), ("tr", "ğış"), ("hu", "őű"), ("cs",
        "řěů"),
        ("fr", "œêèç"), ("vi", "ơưđăạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"),
    )
    for letter in letters
}  # fmt: skip


def _by_letters(original: str) -> Counter[str]:
    """Letters that tell a language, each counted once."""
    if original.isascii():
        return Counter()
    return Counter(_TELLING[letter] for letter in set(original.lower()) if letter in _TELLING)


class Languages:
    """Knows languages by their small words, and by script where the script says it."""

    def __init__(self, words: Mapping[str, Collection[str]], dictionary: frozenset[str]) -> None:
        self._english = frozenset(words[ENGLISH])
        self._languages: dict[str, list[str]] = {}
        for language, own in words.items():
            for word in own:
                self._languages.setdefault(word, []).append(language)
        self._any_other = frozenset(word for word, who in self._languages.items() if who != [ENGLISH])
        self._dictionary = dictionary

    @classmethod
    def load(cls, path: Path, dictionary: frozenset[str]) -> Languages:
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
            return self._by_words(words, original)
        if not self._english.isdisjoint(words) or not self._mostly_unknown(words):
            return ENGLISH
        letters = _by_letters(original)
        return max(letters, key=lambda name: (letters[name], name)) if letters else UNKNOWN

    def _by_words(self, words: Sequence[str], original: str) -> str:
        """The language with the most small words, shared ones in part; English where it has as many."""
        counts: Counter[str] = Counter()
        for word, times in Counter(filter(self._languages.__contains__, words)).items():
            languages = self._languages[word]
            for language in languages:
                counts[language] += times * (_WHOLE // len(languages))
        english = counts.pop(ENGLISH, 0)
        for language, letters in _by_letters(original).items():
            counts[language] += letters * _WHOLE // 2
        best = max(counts, key=lambda name: (counts[name], name))
        if counts[best] > english or (counts[best] == english and self._mostly_unknown(words)):
            return best
        return ENGLISH

    def _mostly_unknown(self, words: Sequence[str]) -> bool:
        if self._dictionary.issuperset(words):
            return False
        counts = Counter(words)
        long = [word for word in counts if len(word) >= _LONG and word.isalpha()]
        number = sum(map(counts.__getitem__, long))
        unknown = sum(counts[word] for word in long if word not in self._dictionary)
        return number >= _LONG and unknown * 5 >= number * 2

    @staticmethod
    def _by_script(original: str) -> str:
        """The language of the commonest script other than Latin, where most letters are of it."""
        letters = [character for character in original[:200] if character.isalpha()]
        other = [character for character in letters if not character.isascii()]
        if len(other) * 2 <= len(letters) or len(other) < _SHORTEST_TEXT:
            return ""
        scripts = [unicodedata.name(character, "").split(" ")[0] for character in other]
        commonest = max(sorted(set(scripts)), key=scripts.count)
        # A word or two in letters that look like Latin ones is a disguise, not a text.
        if len(other) < _A_FEW_WORDS and commonest not in _NEVER_LATIN:
            return ""
        return "ja" if {"HIRAGANA", "KATAKANA"} & set(scripts) else _SCRIPTS.get(commonest, "")
