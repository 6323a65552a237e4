"""Listed words in pieces: `wo rd`, `w or d`. What signs part is one chunk, and read as such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from string import ascii_lowercase
from typing import Final, NamedTuple

from services.prompt_filter.lexicon import TENANT, Entry
from services.prompt_filter.matching.hits import Hit, View
from services.prompt_filter.matching.phrases import compiled, first_places
from services.prompt_filter.matching.spellings import Spellings
from services.prompt_filter.text.language import ENGLISH
from services.prompt_filter.text.tokens import Tokens

_BROKEN_FROM: Final = 4
_BROKEN_BEHIND_A_WORD_FROM: Final = 6
_CERTAIN_FROM: Final = 6
_MORE_THAN_TWO_FROM: Final = 6
_LONGEST_OF_MANY: Final = 5
_FEWEST_OF_MANY: Final = 3
_MOST_PIECES: Final = 4
_LONGEST_ORDINARY: Final = 16
# A single word may be written so by mistake.
_BROKEN_TEXT_FROM: Final = 2
_FEWEST_STRAY: Final = 3
_FEWEST_STRAY_OF_MANY: Final = 2
_WORDS_OF_ONE_LETTER: Final = ("a", "i", "o", "s")
_LETTERS: Final = frozenset(ascii_lowercase).difference(_WORDS_OF_ONE_LETTER)


class Broken(NamedTuple):
    """A listed word in the words of a text from `first` to `last`, both included."""

    entry: Entry
    first: int
    last: int


class Pieces:
    """Finds listed words in two pieces or more.

    Args:
        listed: words that are sought in disguise; English ones and tenants' are sought in pieces.
    """

    def __init__(self, spellings: Spellings, listed: Mapping[str, Entry], dictionary: frozenset[str]) -> None:
        self._spellings = spellings
        self._dictionary = dictionary
        self._listed = {word: entry for word, entry in listed.items() if _sought(entry)}
        self._long = [word for word in self._listed if len(word) >= _MORE_THAN_TWO_FROM]
        self._within = compiled(self._long)
        # What was found in the text asked about last: each is asked about several times.
        self._last: tuple[Tokens | None, Sequence[Broken]] = (None, ())
        self._last_ordinary: tuple[Tokens | None, list[tuple[int, int, str]]] = (None, [])

    def of(self, tokens: Tokens) -> Sequence[Broken]:
        """Listed words that neighbours in the text make up, unless all of them are ordinary."""
        last, found = self._last
        if last is not tokens:
            found = tuple(self._in_pieces(tokens.words, self._stray(tokens.words)))
            self._last = tokens, found
        return found

    def any_in(self, words: Sequence[str]) -> bool:
        """Whether neighbours among these words make up a listed one, or several common ones."""
        stray = self._stray(words)
        return next(self._in_pieces(words, stray), None) is not None or bool(self._ordinary(words, stray))

    def meant(self, tokens: Tokens) -> list[tuple[int, int, str]]:
        """Places of common words in pieces, and these words, where there are several."""
        last, found = self._last_ordinary
        if last is not tokens:
            words = self._ordinary(tokens.words, self._stray(tokens.words))
            found = [(*tokens.words_span(first, end), word) for first, end, word in words]
            self._last_ordinary = tokens, found
        return found

    def hits(self, tokens: Tokens) -> Iterator[Hit]:
        """Those that count, or may."""
        for broken in self.of(tokens):
            view = self._view(tokens.words[broken.first : broken.last + 1])
            start, end = tokens.words_span(broken.first, broken.last)
            if view and len(tokens.text[start:end].split()) > 1:
                yield Hit(broken.entry, start, end, view)

    def _ordinary(self, words: Sequence[str], stray: Sequence[int]) -> list[tuple[int, int, str]]:
        """Common words in pieces, where there are several: first and last piece of each, and the word."""
        if len(stray) < _FEWEST_STRAY:
            return []
        found: list[tuple[int, int, str]] = []
        behind = 0
        for at in _beginnings(stray, _MOST_PIECES, len(words)):
            if at >= behind and (piece := self._longest_from(words, at)):
                found.append(piece)
                behind = piece[1] + 1
        return found if len(found) >= _BROKEN_TEXT_FROM else []

    def _longest_from(self, words: Sequence[str], first: int) -> tuple[int, int, str] | None:
        """The longest common word that begins here in pieces: its first and last piece, and the word."""
        longest = None
        joined = words[first]
        for last in range(first + 1, min(first + _MOST_PIECES, len(words))):
            joined += words[last]
            if len(joined) > _LONGEST_ORDINARY:
                break
            ordinary = len(joined) >= _BROKEN_FROM and joined in self._dictionary
            if ordinary and self._spellings.common(joined) and self._stray(words[first : last + 1]):
                longest = first, last, joined
        return longest

    def _in_pieces(self, words: Sequence[str], stray: Sequence[int]) -> Iterator[Broken]:
        for first in _beginnings(stray, 2, len(words)):
            joined = words[first] + words[first + 1]
            if joined in self._listed:
                yield Broken(self._listed[joined], first, first + 1)
        if sum(len(words[index]) <= _LONGEST_OF_MANY for index in stray) >= _FEWEST_STRAY_OF_MANY:
            for begin, end in _runs(words):
                yield from self._in_many(words, begin, end)

    def _in_many(self, words: Sequence[str], begin: int, end: int) -> Iterator[Broken]:
        """Listed words in three pieces or more of a run of short words."""
        run = words[begin:end]
        if self._within is None or len(self._stray(run)) < _FEWEST_STRAY_OF_MANY:
            return
        places = {place: number for number, place in enumerate(accumulate(map(len, run), initial=0), begin)}
        for number, start, stop in first_places(
            self._within.find_matches_as_indexes("".join(run), overlapping=True)
        ):
            first, behind = places.get(start), places.get(stop)
            if first is None or behind is None or behind - first < _FEWEST_OF_MANY:
                continue
            parts = words[first:behind]
            # Single letters alone are read with all that stand apart, as a sentence perhaps.
            if max(map(len, parts)) > 1 and len(self._stray(parts)) >= _FEWEST_STRAY_OF_MANY:
                yield Broken(self._listed[self._long[number]], first, behind - 1)

    def _stray(self, words: Sequence[str]) -> list[int]:
        """Numbers of what is no ordinary word."""
        if self._dictionary.issuperset(words) and _LETTERS.isdisjoint(words):
            return []
        return [index for index, word in enumerate(words) if word not in self._dictionary or word in _LETTERS]

    def _view(self, parts: Sequence[str]) -> View | None:
        """How far pieces are believed; None where they are likelier words."""
        length = sum(map(len, parts))
        ordinary = [len(part) > 1 and part in self._dictionary for part in parts]
        if len(parts) >= _FEWEST_OF_MANY:
            return View.JOINED if ordinary.count(True) * 2 < len(parts) else View.SPLIT
        if min(map(len, parts)) < 2:
            least = _BROKEN_BEHIND_A_WORD_FROM if parts[0] in _WORDS_OF_ONE_LETTER else _BROKEN_FROM
            # Beside a stray letter a rare word is likelier a piece.
            ordinary = [
                known and self._spellings.common(part) for part, known in zip(parts, ordinary, strict=True)
            ]
            if length < least or any(ordinary):
                return None
        if all(ordinary):
            return None
        return View.JOINED if length >= _CERTAIN_FROM or not any(ordinary) else View.SPLIT


def _beginnings(stray: Sequence[int], most: int, words: int) -> list[int]:
    """Where so many pieces at most may begin, a stray one among them; the last word begins none."""
    places = {place for index in stray for place in range(index - most + 1, index + 1)}
    return sorted(place for place in places if 0 <= place < words - 1)


def _sought(entry: Entry) -> bool:
    return entry.grade.hidden and entry.language in (ENGLISH, TENANT)


def _runs(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where three short words or more follow each other; the end is excluded."""
    start = 0
    for at, word in enumerate((*words, "")):
        if not 0 < len(word) <= _LONGEST_OF_MANY:
            if at - start >= _FEWEST_OF_MANY:
                yield start, at
            start = at + 1
