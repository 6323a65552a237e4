"""Listed words and the spellings that people hide them in, each found by one look-up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import accumulate, combinations
from string import ascii_lowercase

from services.prompt_filter.lexicon import TENANT, Entry
from services.prompt_filter.matching.compounds import Compounds
from services.prompt_filter.matching.hits import Reading, View
from services.prompt_filter.matching.keys import VOWELS
from services.prompt_filter.matching.misspellings import Misspellings
from services.prompt_filter.matching.noisy_channel import NoisyChannel

_RUN = re.compile(r"(.)\1+")
_DOUBLED = re.compile(r"(.)\1")
_STARS = re.compile(r"\*+")
_MOST_RUNS = 12
_ORDINARY_FROM = 4
_MIN_BACKWARDS = 5


class Spellings:
    """Single listed words by every spelling that is looked up rather than searched for."""

    def __init__(
        self,
        words: Mapping[str, Entry],
        dictionary: AbstractSet[str],
        frequencies: Mapping[str, float] | None = None,
    ) -> None:
        self._words = words
        self._dictionary = dictionary
        hidden = {word: entry for word, entry in words.items() if _worth_hiding(word, entry)}
        self._runs_cut = {
            cut: entry for word, entry in hidden.items() if (cut := run_cut(word)) not in dictionary
        }
        fits = Fits(dictionary)
        self._censored = {
            form: entry
            for word, entry in hidden.items()
            for form in _censored(word)
            if entry.known_to_many or not fits(form, word)
        }
        frequencies = frequencies or {}
        ordinary = {word for word in frequencies if word in dictionary and word not in words}
        self._channel = NoisyChannel(frequencies, ordinary)
        self._compounds = Compounds(words, dictionary, self._channel)
        self._misspellings = Misspellings(hidden, words.keys(), dictionary, self._channel)

    @property
    def listed(self) -> frozenset[str]:
        """Every single listed word, as it is written."""
        return frozenset(self._words)

    def exact(self, word: str) -> Entry | None:
        """The listed word itself."""
        return self._words.get(word)

    def common(self, word: str) -> bool:
        """Whether one in a million words is this."""
        return self._channel.frequency(word) > 0

    def near(self, word: str) -> Reading | None:
        """What an unlisted word may be meant as. Ordinary words are never meant as anything else."""
        if word in self._dictionary:
            return None
        if runs_short := _runs_short(word):
            drawn = _first_in(self._words, runs_short)
            if drawn is None and self.drawn_in(word):
                return None
            if entry := self._words[drawn] if drawn else self._runs_cut.get(runs_short[0]):
                return entry, View.REPEATED
        if misspelled := self._misspellings.of(word):
            return misspelled
        if len(word) >= _MIN_BACKWARDS and (entry := self._words.get(word[::-1])):
            return entry, View.REVERSED
        entry = self._compounds.of(word)
        return (entry, View.JOINED) if entry else None

    def drawn_in(self, word: str) -> str | None:
        """The ordinary word that this is with some letters repeated."""
        for one in _runs_short(word):
            if one in self._dictionary and len(one) >= _ORDINARY_FROM:
                return one
        return None

    def censored(self, chunk: str) -> Entry | None:
        """A word with asterisks in the place of letters."""
        return self._censored.get(chunk) or self._censored.get(_STARS.sub("*", chunk))

    def fitting(self, starred: str) -> str | None:
        """The first ordinary word that has a letter in the place of the star."""
        return _first_in(self._dictionary, (starred.replace("*", letter) for letter in ascii_lowercase))


def _runs_short(word: str) -> tuple[str, ...]:
    """The word with its runs of letters cut in every way that is looked up, to single ones first."""
    return _all_runs_short(word) if _DOUBLED.search(word) else ()


@lru_cache(maxsize=64)
def _all_runs_short(word: str) -> tuple[str, ...]:
    """All of them, which a word is asked for several times in a row."""
    return tuple(_with_short_runs(word))


def _with_short_runs(word: str) -> Iterator[str]:
    """The word with each run of a letter cut to one, but for none, one or two that are cut to two letters."""
    parts = _RUN.split(word)  # what stands before a run, its letter, what stands before the next ...
    letters = "".join(parts)
    yield letters
    runs = [behind - 1 for behind in accumulate(len(before) + 1 for before in parts[:-1:2])]
    for at in runs:
        yield letters[: at + 1] + letters[at:]
    for at, later in combinations(runs[:_MOST_RUNS], 2):
        yield letters[: at + 1] + letters[at : later + 1] + letters[later:]


def run_cut(word: str) -> str:
    """The word with every run of one letter cut to a single one."""
    return "".join(_RUN.split(word))


def _first_in(known: Collection[str], words: Iterable[str]) -> str | None:
    for word in words:
        if word in known:
            return word
    return None


def _worth_hiding(word: str, entry: Entry) -> bool:
    """Of other languages' words only plain disguises are undone: their misspellings are words of others."""
    known = entry.language in ("en", TENANT)
    return known and len(word) >= 4 and word.isalpha() and entry.grade.hidden


class Fits:
    """Tells whether an ordinary word has letters where a censored one has stars."""

    def __init__(self, dictionary: Collection[str]) -> None:
        self._dictionary = dictionary
        self._ends = {(word[0], word[-1], len(word)) for word in dictionary if word}

    def __call__(self, censored: str, listed: str) -> bool:
        """Whether there is one other than the listed word, which may be ordinary too."""
        if censored.count("*") == 1:
            words = (censored.replace("*", letter) for letter in ascii_lowercase)
            return any(word in self._dictionary and word != listed for word in words)
        return (censored[0], censored[-1], len(censored)) in self._ends


def _censored(word: str) -> Iterator[str]:
    """Each inner letter, all vowels, or everything between first and last letter starred."""
    for at in range(1, len(word)):
        yield f"{word[:at]}*{word[at + 1 :]}"
    yield word[0] + "".join("*" if letter in VOWELS else letter for letter in word[1:])
    yield f"{word[0]}{'*' * (len(word) - 2)}{word[-1]}"
