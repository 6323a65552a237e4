"""Exact terms by Aho-Corasick: one pass over the text, whatever the number of terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from services.prompt_filter.lexicon import Entry
from services.prompt_filter.matching.hits import Hit
from services.prompt_filter.text.tokens import Tokens

_PLACES = 8
_Match = tuple[int, int, int]


class Automaton:
    """Bounded terms are sought as whole words; terms of scripts without spaces anywhere."""

    def __init__(self, terms: Sequence[tuple[str, Entry]]) -> None:
        bounded = [
            (f" {' '.join(Tokens(term).words)} ", entry) for term, entry in terms if not unbounded(term)
        ]
        free = [(term, entry) for term, entry in terms if unbounded(term)]
        bounded = [(pattern, entry) for pattern, entry in bounded if pattern.strip()]
        self._bounded_entries = [(entry, pattern.count(" ") - 2) for pattern, entry in bounded]
        self._free_entries = [entry for _, entry in free]
        self._bounded = _compiled([pattern for pattern, _ in bounded])
        self._free = _compiled([pattern for pattern, _ in free])

    def find(self, tokens: Tokens) -> list[Hit]:
        """Every term that stands in the text, at its first eight places."""
        hits: list[Hit] = []
        if self._bounded is not None:
            found = self._bounded.find_matches_as_indexes(tokens.joined, overlapping=True)
            hits += self._of_words(tokens, found) if found else ()
        if self._free is not None and not tokens.text.isascii():
            found = self._free.find_matches_as_indexes(tokens.text, overlapping=True)
            hits += (
                Hit(self._free_entries[number], start, end) for number, start, end in _first_places(found)
            )
        return hits

    def _of_words(self, tokens: Tokens, matches: list[_Match]) -> Iterator[Hit]:
        """Matches in the joined words, which come by their ends; the spaces before an end number its word."""
        spaces = counted = 0
        for number, _, end in _first_places(matches):
            spaces += tokens.joined.count(" ", counted, end - 1)
            counted = end - 1
            entry, more = self._bounded_entries[number]
            yield Hit(entry, *tokens.words_span(spaces - 1 - more, spaces - 1))


def unbounded(term: str) -> bool:
    """Whether the term's script writes words without spaces, or glues particles to them."""
    return any(
        0x0E00 <= point <= 0x0E7F  # Thai
        or 0x3040 <= point <= 0x30FF  # kana
        or 0x3400 <= point <= 0x9FFF  # Han
        or 0xAC00 <= point <= 0xD7A3  # Hangul
        for point in map(ord, term)
    )


def _first_places(matches: list[_Match]) -> list[_Match]:
    """Of each pattern the first eight matches: a thousand more would say nothing new."""
    if len(matches) <= _PLACES:
        return matches
    kept: list[_Match] = []
    counts: Counter[int] = Counter()
    for match in matches:
        counts[match[0]] += 1
        if counts[match[0]] <= _PLACES:
            kept.append(match)
    return kept


def _compiled(patterns: list[str]) -> AhoCorasick | None:
    if not patterns:
        return None
    return AhoCorasick(
        patterns,
        matchkind=MatchKind.Standard,
        implementation=Implementation.ContiguousNFA,
        store_patterns=False,
    )
