"""Exact terms: words by look-up, all others by Aho-Corasick in one pass, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from services.prompt_filter.lexicon import Entry
from services.prompt_filter.matching.hits import Hit
from services.prompt_filter.matching.phrases import PLACES, Phrases, compiled, first_places
from services.prompt_filter.text.tokens import Tokens


class Automaton:
    """Single words are looked up, phrases sought as whole words, terms of scripts without spaces anywhere."""

    def __init__(self, terms: Sequence[tuple[str, Entry]]) -> None:
        self._singles: dict[str, list[Entry]] = {}
        phrases: list[tuple[tuple[str, ...], Entry]] = []
        free: list[tuple[str, Entry]] = []
        for term, entry in terms:
            words = tuple(Tokens(term).words)
            if unbounded(term):
                free.append((term, entry))
            elif len(words) == 1:
                self._singles.setdefault(words[0], []).append(entry)
            elif words:
                phrases.append((words, entry))
        self._words = frozenset(self._singles)
        self._phrase_entries = [entry for _, entry in phrases]
        self._phrases = Phrases([words for words, _ in phrases])
        self._speaking_phrases = Phrases([words for words, entry in phrases if not entry.silent])
        self._free_entries = [entry for _, entry in free]
        self._free = compiled([term for term, _ in free])

    def find(self, tokens: Tokens) -> list[Hit]:
        """Every term that stands in the text, at its first eight places."""
        hits: list[Hit] = []
        if not self._words.isdisjoint(tokens.words):
            hits += self._single(tokens)
        hits += (
            Hit(self._phrase_entries[number], start, end)
            for number, start, end in self._phrases.places(tokens)
        )
        if self._free is not None and not tokens.text.isascii():
            found = self._free.find_matches_as_indexes(tokens.text, overlapping=True)
            hits += (
                Hit(self._free_entries[number], start, end) for number, start, end in first_places(found)
            )
        return hits

    @property
    def words(self) -> frozenset[str]:
        """Every term that is a single word."""
        return self._words

    def entries_of(self, word: str) -> Sequence[Entry]:
        """The entries of a term that is a single word."""
        return self._singles[word]

    def has_phrase(self, joined: str) -> bool:
        """Whether a term of several words stands in words that are joined as those of tokens are."""
        return self._phrases.any_in(joined)

    def has_speaking_phrase(self, joined: str) -> bool:
        """The same of terms that are not silent."""
        return self._speaking_phrases.any_in(joined)

    def _single(self, tokens: Tokens) -> Iterator[Hit]:
        for word in sorted(self._words.intersection(tokens.words)):
            for index in _places(word, tokens.words):
                start, end = tokens.words_span(index, index)
                for entry in self._singles[word]:
                    yield Hit(entry, start, end)


def unbounded(term: str) -> bool:
    """Whether the term's script writes words without spaces, or glues particles to them."""
    return not term.isascii() and any(
        0x0E00 <= point <= 0x0E7F  # Thai
        or 0x3040 <= point <= 0x30FF  # kana
        or 0x3400 <= point <= 0x9FFF  # Han
        or 0xAC00 <= point <= 0xD7A3  # Hangul
        for point in map(ord, term)
    )


def _places(word: str, words: Sequence[str]) -> list[int]:
    """Numbers of the first words that are this one; found by searching, so a wall of them costs nothing."""
    places: list[int] = []
    index = -1
    with suppress(ValueError):
        while len(places) < PLACES:
            index = words.index(word, index + 1)
            places.append(index)
    return places
