"""A guess at the language of a text: good enough to know where English rules do not hold."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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


# Divisible by every number of languages that share a word.
_WHOLE = 27_720
# Of equals the first is likelier: more people write it.
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
    """Letters that tell a language, each counted once as half a word, shared ones in part."""
    counts: Counter[str] = Counter()
    for letter in () if original.isascii() else set(original.lower()):
        languages = _TELLING.get(letter, ())
        for language in languages:
            counts[language] += _WHOLE // (2 * len(languages))
    return counts


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
        if not self._english.isdisjoint(words):
            return ENGLISH
        letters = _by_letters(original)
        # A few words are enough where their letters are another language's.
        if not self._mostly_unknown(words, 1 if letters else _ENOUGH):
            return ENGLISH
        return max(_ALPHABETS, key=letters.__getitem__) if letters else UNKNOWN

    def _by_words(self, words: Sequence[str], original: str) -> str:
        """The language with the most small words, shared ones in part; English where it has as many."""
        counts: Counter[str] = Counter()
        for word, times in Counter(filter(self._languages.__contains__, words)).items():
            languages = self._languages[word]
            for language in languages:
                counts[language] += times * (_WHOLE // len(languages))
        english = counts.pop(ENGLISH, 0)
        counts.update(_by_letters(original))
        best = max(counts, key=lambda name: (counts[name], name))
        if counts[best] > english or (counts[best] == english and self._mostly_unknown(words, _ENOUGH)):
            return best
        return ENGLISH

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
