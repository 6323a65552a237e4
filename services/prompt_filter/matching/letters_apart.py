"""Words and sentences written letter by letter: `l i k e  t h i s`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from services.prompt_filter.lexicon import Entry
from services.prompt_filter.matching.chunks import HiddenWords
from services.prompt_filter.matching.disguise import plainest
from services.prompt_filter.matching.hits import Hit, View
from services.prompt_filter.matching.phrases import compiled, first_places
from services.prompt_filter.matching.word_breaks import broken
from services.prompt_filter.text.tokens import Tokens

_LONGEST_WORD = 20
# A run of more letters is no single word, however it is disguised.
_LONGEST_CHUNK = 64
_SHORTEST_LISTED, _LONGEST_LISTED = 4, 16
# In so many letters of one text sentences are read. Beyond them listed words are found all the same.
_MOST_LETTERS = 512
# So many different runs of one text are read as disguised words.
_MOST_RUNS = 200


class SpelledOut(NamedTuple):
    """What runs of single letters say.

    Attributes:
        hits: listed words.
        meant: places of runs, and the words they spell; empty where that is none.
        unread: there were more runs than are looked into.
    """

    hits: Sequence[Hit] = ()
    meant: Sequence[tuple[int, int, str]] = ()
    unread: bool = False


_NOTHING = SpelledOut()


class LettersApart:
    """Reads runs of single letters.

    Args:
        listed: words that are sought in disguise.
        dictionary: ordinary words.
    """

    def __init__(self, chunks: HiddenWords, listed: Mapping[str, Entry], dictionary: frozenset[str]) -> None:
        self._chunks = chunks
        self._listed = listed
        self._dictionary = dictionary
        within = [word for word in listed if _SHORTEST_LISTED <= len(word) <= _LONGEST_LISTED]
        self._entries = [listed[word] for word in within]
        self._within = compiled(within)
        # What was found in the text asked about last: each is asked about twice.
        self._last: tuple[Tokens | None, SpelledOut] = (None, _NOTHING)

    def of(self, tokens: Tokens) -> SpelledOut:
        """What the runs of a text say."""
        if not tokens.spelled:
            return _NOTHING
        last, found = self._last
        if last is not tokens:
            found = self._read(tokens)
            self._last = tokens, found
        return found

    def _read(self, tokens: Tokens) -> SpelledOut:
        hits: list[Hit] = []
        meant: list[tuple[int, int, str]] = []
        left = _MOST_LETTERS
        readable = set(islice(dict.fromkeys(letters for _, _, letters in tokens.spelled), _MOST_RUNS))
        for start, end, letters in tokens.spelled:
            found, meaning = self._as_a_word(letters) if letters in readable else ((), "")
            if not (found or meaning):
                found = self._listed_within(plainest(letters))
                if len(letters) <= left and (found or len(letters) > _LONGEST_WORD):
                    left -= len(letters)
                    meaning, ordinary = self._as_a_sentence(plainest(letters))
                    found = () if ordinary else found
            hits += (Hit(entry, start, end, View.JOINED) for entry in found)
            if meaning or len(letters) <= _LONGEST_WORD:
                meant.append((start, end, meaning))
        unread = not readable.issuperset(letters for _, _, letters in tokens.spelled)
        return SpelledOut(hits, meant, unread)

    def _as_a_word(self, letters: str) -> tuple[Collection[Entry], str]:
        """Listed words behind the letters as one word; else the ordinary one they stand for.

        What says who is shown is listed and ordinary both.
        """
        entry = self._listed.get(letters)
        if letters in self._dictionary:
            return (entry,) if entry else (), letters
        if len(letters) > _LONGEST_CHUNK:
            return (), ""
        found = [entry for entry, _ in self._chunks.hidden_in(letters)]
        return found, self._chunks.meaning(letters)

    def _as_a_sentence(self, letters: str) -> tuple[str, bool]:
        """The words that the letters make up, and whether ordinary ones do as well as listed ones."""
        likeliest = broken(letters, self._dictionary, self._listed.keys())
        return likeliest.text, broken(letters, self._dictionary).cost <= likeliest.cost

    def _listed_within(self, letters: str) -> Collection[Entry]:
        """Listed words of four letters or more anywhere in a run."""
        if self._within is None:
            return ()
        found = self._within.find_matches_as_indexes(letters, overlapping=True)
        return list({number: self._entries[number] for number, _, _ in first_places(found)}.values())
