"""Listed words hidden in single chunks of text, worked out once and remembered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from services.prompt_filter.matching.disguise import (
    MAX_CHUNK,
    core,
    figures,
    masked,
    plain,
    plainest,
    readings,
)
from services.prompt_filter.matching.drawn_letters import undrawn
from services.prompt_filter.matching.hits import Hit, Reading, View
from services.prompt_filter.matching.spellings import Spellings
from services.prompt_filter.text.tokens import Tokens, words

_PIECES = re.compile(r"[^,;:/\\.\-–—]{1,48}")
_CACHE_LIMIT = 200_000
_MAX_ODD = 400
_ORDINARY_FROM = 3
_ALTERNATIVE_FROM = 2
_GUESSED_READINGS = 2
_GUESSED_AT = (View.EXACT, View.REPEATED, View.LEET)
_MEANT_FROM = 4
_STARRED_FROM = 6


class InChunks(NamedTuple):
    """What the chunks of one text hide.

    Attributes:
        hits: listed words.
        meant: places of odd chunks that stand for an ordinary word, and that word.
        unread: there were more odd chunks than are looked into.
    """

    hits: Sequence[Hit] = ()
    meant: Sequence[tuple[int, int, str]] = ()
    unread: bool = False


_NOTHING = InChunks()


class HiddenWords:
    """Finds what chunks hide. At most 400 different odd chunks of a text are looked into.

    The limit counts what stands in the text, not what the cache has forgotten: the same text
    gives the same hits on every replay.
    """

    def __init__(self, spellings: Spellings, dictionary: frozenset[str]) -> None:
        self._spellings = spellings
        self._listed = spellings.listed
        self._dictionary = dictionary
        self._harmless: set[str] = set()
        self._hiding: dict[str, tuple[Reading, ...]] = {}
        self._meant: dict[str, str] = {}
        # What was found in the text asked about last: each is asked about several times.
        self._last: tuple[Tokens | None, InChunks] = (None, _NOTHING)

    def of(self, tokens: Tokens) -> InChunks:
        """What the chunks of a text hide, beyond the words that stand there plainly."""
        last, found = self._last
        if last is not tokens:
            found = self._look_into(tokens)
            self._last = tokens, found
        return found

    def _look_into(self, tokens: Tokens) -> InChunks:
        short = len(tokens.text) <= _MAX_ODD  # too short to have too many
        if short and self._harmless.issuperset(tokens.chunks):
            return _NOTHING
        different = dict.fromkeys(tokens.chunks)
        readable = different if short else self._readable(different)
        hiding: dict[str, tuple[Reading, ...]] = {}
        meant: dict[str, str] = {}
        for chunk in readable:
            if chunk not in self._harmless:
                if found := self.hidden_in(chunk):
                    hiding[chunk] = found
                if chunk in self._meant:
                    meant[chunk] = self._meant[chunk]
        return _placed(tokens, hiding, meant, unread=len(readable) < len(different))

    def meaning(self, chunk: str) -> str:
        """The ordinary word an odd chunk stands for; empty where there is none."""
        return self._meant.get(chunk, "")

    def _readable(self, different: Collection[str]) -> list[str]:
        """The chunks that are looked into."""
        left = _MAX_ODD
        readable = []
        for chunk in different:
            cost = self._oddity(chunk)
            if cost <= left:
                left -= cost
                readable.append(chunk)
            elif not left:
                return readable  # what follows is ordinary or not looked into
        return readable

    def _oddity(self, chunk: str) -> int:
        """How much there is to look into: 0 for an ordinary word, else its number of pieces."""
        if core(chunk) in self._dictionary:
            return 0
        return 1 if len(chunk) <= MAX_CHUNK else len(_PIECES.findall(chunk))

    def hidden_in(self, chunk: str) -> tuple[Reading, ...]:
        """Listed words one chunk can be read as."""
        if chunk in self._harmless:
            return ()
        if len(chunk) > MAX_CHUNK:
            pieces = dict.fromkeys(_PIECES.findall(chunk))
            read = (reading for piece in pieces for reading in self.hidden_in(piece))
            # Of an address or the like a doubt is no more than noise.
            return _each_once((entry, view) for entry, view in read if view is not View.DOUBTFUL)
        found = self._hiding.get(chunk)
        if found is None:
            found, meant = self._work_out(core(chunk))
            self._keep(chunk, found, meant)
        return found

    def _keep(self, chunk: str, found: tuple[Reading, ...], meant: str | None) -> None:
        if len(self._harmless) + len(self._hiding) >= _CACHE_LIMIT:
            self._harmless.clear()
            self._hiding.clear()
            self._meant.clear()
        if meant:
            self._meant[chunk] = meant
        if found or meant:
            self._hiding[chunk] = found
        else:
            self._harmless.add(chunk)

    def _work_out(self, word: str) -> tuple[tuple[Reading, ...], str | None]:
        """Listed words behind a chunk's core; where there is none, the ordinary word it stands for."""
        if not word or word in self._dictionary or figures(word):
            return (), None
        if plain(word):
            if word in self._listed:
                return (), None
            near = self._spellings.near(word)
            return ((near,), None) if near else ((), self._spellings.drawn_in(word))
        found = _each_once(self._undone(word))
        return found, None if found else self._ordinary_in(word)

    def _undone(self, word: str) -> Iterator[Reading]:
        """Listed words behind a word that is more than plain letters."""
        if "*" in word:
            censored = self._spellings.censored(word) or self._spellings.censored(plainest(word))
            if censored:
                yield censored, View.LEET
        parts = words(word)
        if len(parts) > 1 and self._ordinary(word):
            # Ordinary words make a listed one only by joining them: that needs context.
            entry = self._spellings.exact("".join(parts))
            if entry is not None:
                yield entry, View.SPLIT
        else:
            found = list(self._read_as(word))
            if not found and word.endswith("*"):
                found = list(self._read_as(word.rstrip("*")))
            yield from found or self._masked(word)

    def _masked(self, word: str) -> Iterator[Reading]:
        """Any one sign in the place of a letter, which people use as they use a star."""
        starred = masked(word)
        if starred and not any(reading in self._dictionary for reading, _ in _possible(word)):
            entry = self._spellings.censored(starred)
            if entry:
                yield entry, View.LEET

    def _read_as(self, word: str) -> Iterator[Reading]:
        possible = _possible(word)
        written = [reading for reading, _ in possible]
        if not self._listed.isdisjoint(written):
            yield from self._exactly(word, possible)
            return
        if word.rstrip("!") in self._dictionary or not self._dictionary.isdisjoint(written):
            return  # an ordinary word, exclaimed or in disguise, hides no other
        # As a letter a bracket is too seldom meant to be guessed at.
        guesses = (View.EXACT, View.REPEATED) if "(" in word else _GUESSED_AT
        guessed = [(reading, view) for reading, view in possible if view in guesses and reading.isalpha()]
        for reading, view in guessed[:_GUESSED_READINGS]:
            if near := self._spellings.near(reading):
                entry, second = near
                # The view that was needed first, but for a doubt.
                yield entry, second if view is View.EXACT or second is View.DOUBTFUL else view

    def _exactly(self, word: str, possible: Sequence[tuple[str, View]]) -> Iterator[Reading]:
        """Readings that are listed words to the letter.

        None by leaving signs out, where they are the letters of an ordinary word.
        """
        ordinary = (one for one, view in possible if view is View.LEET and one in self._dictionary)
        least = max(map(len, ordinary), default=0)
        for reading, view in possible:
            entry = self._spellings.exact(reading) if len(reading) >= least else None
            if entry and view is not View.EXACT and _credible(reading, word, view):
                yield entry, view

    def _ordinary_in(self, word: str) -> str | None:
        """The ordinary word that a word of more than plain letters stands for, if it hides no listed one."""
        if word in self._listed:
            return None
        if self._ordinary(word):
            return None
        for reading, _ in _possible(word):
            if len(reading) >= _MEANT_FROM and reading.isalpha():
                ordinary = reading if reading in self._dictionary else self._spellings.drawn_in(reading)
                if ordinary:
                    return ordinary
        starred = masked(word)
        return self._spellings.fitting(starred) if len(starred) >= _STARRED_FROM else None

    def _ordinary(self, chunk: str) -> bool:
        """Whether it is ordinary words and figures, written together; alternatives may be short."""
        least = _ALTERNATIVE_FROM if "/" in chunk else _ORDINARY_FROM
        return all(
            (len(part) >= least and part in self._dictionary) or figures(part) for part in words(chunk)
        )


def _placed(
    tokens: Tokens, hiding: Mapping[str, Sequence[Reading]], meant: Mapping[str, str], *, unread: bool
) -> InChunks:
    """What single chunks hide, at all their places."""
    if not (hiding or meant):
        return InChunks(unread=True) if unread else _NOTHING
    hits: list[Hit] = []
    ordinary: list[tuple[int, int, str]] = []
    for index, chunk in enumerate(tokens.chunks):
        if chunk in hiding:
            start, end = tokens.chunk_span(index)
            hits += (Hit(entry, start, end, view) for entry, view in hiding[chunk])
        if chunk in meant:
            ordinary.append((*tokens.chunk_span(index), meant[chunk]))
    return InChunks(hits, ordinary, unread)


@lru_cache(maxsize=16)
def _possible(word: str) -> tuple[tuple[str, View], ...]:
    """All readings, which a chunk is asked for several times in a row."""
    return tuple(readings(word))


def _each_once(found: Iterable[Reading]) -> tuple[Reading, ...]:
    return tuple({entry.id: (entry, view) for entry, view in found}.values())


def _credible(word: str, chunk: str, view: View) -> bool:
    """Short words appear by chance among figures and signs: most of them must be letters as written."""
    if view is not View.LEET:
        return len(word) >= 4
    letters = sum(character.isalpha() for character in undrawn(chunk))
    return letters >= 1 if len(word) >= 5 else len(word) >= 3 and letters * 2 >= len(word)
