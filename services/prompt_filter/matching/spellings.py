"""Listed words and the spellings that people hide them in, each found by one look-up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from services.prompt_filter.lexicon import Entry, Grade
from services.prompt_filter.matching.fuzzy import FuzzyIndex
from services.prompt_filter.matching.hits import View

_VOWELS = frozenset("aeiou")
_RUN = re.compile(r"(.)\1+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_STARS = re.compile(r"\*+")
_MIN_BACKWARDS = 5
_MIN_COMPOUND = 5

Reading = tuple[Entry, View]


class Spellings:
    """Single listed words by every spelling that is looked up rather than searched for."""

    def __init__(self, words: Mapping[str, Entry], dictionary: Collection[str]) -> None:
        self._words = words
        self._dictionary = dictionary
        # Few words begin or end like a listed one: most need no search for compounds.
        compounded = [word for word in words if len(word) >= _MIN_COMPOUND]
        self._beginnings = frozenset(word[:_MIN_COMPOUND] for word in compounded)
        self._endings = frozenset(word[-_MIN_COMPOUND:] for word in compounded)
        hidden = {word: entry for word, entry in words.items() if _worth_hiding(word, entry)}
        self._runs_cut = {
            cut: entry for word, entry in hidden.items() if (cut := run_cut(word)) not in dictionary
        }
        self._censored = {form: entry for word, entry in hidden.items() for form in _censored(word)}
        self._slips = {
            form: entry
            for word, entry in hidden.items()
            for form in _slips(word)
            if len(form) >= 4 and form not in words and form not in dictionary
        }
        sought = [
            word for word, entry in hidden.items() if word.isascii() and entry.language in ("en", "tenant")
        ]
        self._fuzzy = FuzzyIndex(sought, dictionary)

    @property
    def listed(self) -> frozenset[str]:
        """Every single listed word, as it is written."""
        return frozenset(self._words)

    def exact(self, word: str) -> Entry | None:
        """The listed word itself."""
        return self._words.get(word)

    def near(self, word: str) -> Iterator[Reading]:
        """What an unlisted word may be meant as. Ordinary words are never meant as anything else."""
        if word in self._dictionary:
            return
        cut = run_cut(word)
        if _DRAWN_OUT.search(word) and cut in self._dictionary:
            return
        if cut != word and (entry := self._words.get(cut) or self._runs_cut.get(cut)):
            yield entry, View.REPEATED
        elif entry := self._misspelled(word):
            yield entry, View.FUZZY
        elif len(word) >= _MIN_BACKWARDS and (entry := self._words.get(word[::-1])):
            yield entry, View.REVERSED
        elif entry := self._compound(word):
            yield entry, View.JOINED

    def censored(self, chunk: str) -> Entry | None:
        """A word with asterisks in the place of letters."""
        return self._censored.get(chunk) or self._censored.get(_STARS.sub("*", chunk))

    def _misspelled(self, word: str) -> Entry | None:
        slip = self._slips.get(word)
        if slip is not None:
            return slip
        nearest = self._fuzzy.find(word)
        return self._words[nearest] if nearest else None

    def _compound(self, word: str) -> Entry | None:
        """A listed word written together with an ordinary one."""
        if word[:_MIN_COMPOUND] not in self._beginnings and word[-_MIN_COMPOUND:] not in self._endings:
            return None
        for cut in range(3, len(word) - 2) if 8 <= len(word) <= 24 else ():
            head, tail = word[:cut], word[cut:]
            for listed, rest in ((head, tail), (tail, head)):
                entry = self._words.get(listed) if len(listed) >= _MIN_COMPOUND else None
                if entry is not None and entry.grade is Grade.EXPLICIT and rest in self._dictionary:
                    return entry
        return None


def run_cut(word: str) -> str:
    """The word with every run of one letter cut to a single one."""
    return _RUN.sub(r"\1", word)


def _worth_hiding(word: str, entry: Entry) -> bool:
    return len(word) >= 4 and word.isalpha() and entry.grade in (Grade.EXPLICIT, Grade.VULGAR)


def _censored(word: str) -> Iterator[str]:
    """Each inner letter, all vowels, or everything between first and last letter starred."""
    for at in range(1, len(word)):
        yield f"{word[:at]}*{word[at + 1 :]}"
    yield word[0] + "".join("*" if letter in _VOWELS else letter for letter in word[1:])
    yield f"{word[0]}{'*' * (len(word) - 2)}{word[-1]}"


def _slips(word: str) -> Iterator[str]:
    """Spellings of short words that are too near to others for fuzzy matching at large."""
    if not 4 <= len(word) <= 5:
        return
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if word[at] in _VOWELS:
            yield word[:at] + word[at + 1 :]
    if word.endswith("ck"):
        yield word[:-2] + "k"
        yield word[:-2] + "q"
