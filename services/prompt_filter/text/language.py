"""A guess at the language of a text: good enough to know where English rules do not hold."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

ENGLISH = "en"
UNKNOWN = ""
_LONG = 4
_ENOUGH = 4
_A_FEW_WORDS = 12
_SHORTEST_TEXT = 4
_SCRIPTS = {
    "ARABIC": "ar", "ARMENIAN": "hy", "BENGALI": "bn", "CJK": "zh", "CYRILLIC": "ru", "DEVANAGARI": "hi",
    "GEORGIAN": "ka", "GREEK": "el", "HANGUL": "ko", "HEBREW": "he", "HIRAGANA": "ja", "KATAKANA": "ja",
    "TAMIL": "ta", "TELUGU": "te", "THAI": "th",
}  # fmt: skip
# Urdu and Persian have letters that Arabic has not, or write them in another way.
_OF_ARABIC = (("ur", frozenset("ٹڈڑںے")), ("fa", frozenset("پچژگکی")))
_LIKE_LATIN = frozenset({"ARMENIAN", "CYRILLIC", "GREEK"})
TOLD_BY_SCRIPT = frozenset({*_SCRIPTS.values(), "bg", "fa", "mk", "uk", "ur"})

# Weights are tenths of powers of ten: sums of them are likelihoods.
_OF_A_LETTER = 20
# An English word that is none of the common ones, and English before anything was read.
_OF_THE_DICTIONARY = 12
_ENGLISH_FIRST = 10
# Of languages that are alike the likelier: more people write it.
_LIKELIER = {"de": 5, "es": 5, "fr": 5, "it": 5, "pt": 5}
# From so much commoner than in English on a word tells of another language.
_TELLING_FROM = 8

_LETTERS = (
    ("de", "ßäöü"), ("es", "ñ¿¡"), ("pt", "ãõ"), ("pl", "łąęśżźńć"), ("tr", "ğışöüç"), ("hu", "őűöü"),
    ("cs", "řěůčšž"), ("fr", "œêèç"), ("sv", "åäö"), ("da", "åøæ"), ("no", "åøæ"), ("is", "þðæö"),
    ("fi", "äö"), ("et", "õäöü"), ("ro", "ăâîșțşţ"), ("lt", "ėįųąęčšžū"), ("lv", "āēīūķļņģčšž"),
    ("sk", "ľĺŕôčšž"), ("sl", "čšž"), ("sh", "ćđčšž"), ("ca", "çèò"), ("sq", "ëç"),
    ("vi", "ơưđăạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"),
)  # fmt: skip
_ALPHABETS = tuple(who for who, _ in _LETTERS)
_TELLING = {
    letter: tuple(who for who, its in _LETTERS if letter in its) for _, all_ in _LETTERS for letter in all_
}


def _by_letters(original: str) -> Counter[str]:
    """Letters that tell a language, each counted once, shared ones in part."""
    counts: Counter[str] = Counter()
    for letter in () if original.isascii() else set(original.lower()):
        languages = _TELLING.get(letter, ())
        for language in languages:
            counts[language] += _OF_A_LETTER // len(languages)
    return counts


class Languages:
    """Knows languages by their common words, and by script where the script says it.

    Args:
        weights: by word and language, how common it is.
        dictionary: English words.
    """

    def __init__(self, weights: Mapping[str, Mapping[str, int]], dictionary: frozenset[str]) -> None:
        self._weights = weights
        self._english = frozenset(word for word, its in weights.items() if ENGLISH in its)
        self._telling = frozenset(word for word, its in weights.items() if _tells(its))
        self._dictionary = dictionary

    @classmethod
    def load(cls, path: Path, dictionary: frozenset[str]) -> Languages:
        """Read `word<TAB>language=weight ...` rows."""
        rows = (line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines())
        return cls({word: _weights(its) for word, _, its in rows}, dictionary)

    def of(self, words: Sequence[str], original: str) -> str:
        """`en`, another language's code, or UNKNOWN for text that is not English either.

        Args:
            words: the words of the canonical text.
            original: the text as it was written, for its script.
        """
        if not original.isascii() and (script := self._by_script(original)):
            return script
        if not self._telling.isdisjoint(words):
            return self._by_words(words, original)
        if not self._english.isdisjoint(words):
            return ENGLISH
        letters = _by_letters(original)
        # A few words are enough where their letters are another language's.
        if not self._mostly_unknown(words, 1 if letters else _ENOUGH):
            return ENGLISH
        return max(_ALPHABETS, key=letters.__getitem__) if letters else UNKNOWN

    def _by_words(self, words: Sequence[str], original: str) -> str:
        """The language in which these words and letters are likeliest."""
        sums = _by_letters(original)
        english = _ENGLISH_FIRST
        for word, times in Counter(words).items():
            if its := self._weights.get(word):
                for language, weight in its.items():
                    sums[language] += times * weight
            elif word in self._dictionary:
                english += times * _OF_THE_DICTIONARY
        english += sums.pop(ENGLISH, 0)
        best = max(sums, key=lambda name: (sums[name] + _LIKELIER.get(name, 0), name))
        return best if sums[best] > english else ENGLISH

    def _mostly_unknown(self, words: Sequence[str], enough: int) -> bool:
        """Whether two in five of the longer words are of no known kind, with so many of these at least."""
        if self._dictionary.issuperset(words):
            return False
        counts = Counter(words)
        long = [word for word in counts if len(word) >= _LONG and word.isalpha()]
        number = sum(map(counts.__getitem__, long))
        unknown = sum(counts[word] for word in long if word not in self._dictionary)
        return number >= enough and unknown * 5 >= number * 2

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
        if len(other) < _A_FEW_WORDS and commonest in _LIKE_LATIN:
            return ""
        if commonest == "ARABIC":
            return next((who for who, letters in _OF_ARABIC if not letters.isdisjoint(original)), "ar")
        return "ja" if {"HIRAGANA", "KATAKANA"} & set(scripts) else _SCRIPTS.get(commonest, "")


def _weights(row: str) -> dict[str, int]:
    return {language: int(weight) for language, _, weight in (one.partition("=") for one in row.split())}


def _tells(weights: Mapping[str, int]) -> bool:
    """Whether it is far commoner in another language than in English."""
    return max(weights.values()) >= weights.get(ENGLISH, 0) + _TELLING_FROM
