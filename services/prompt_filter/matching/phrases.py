"""Phrases of several words, found as whole words in one pass, whatever their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from services.prompt_filter.text.tokens import Tokens

PLACES = 8
"""Of one term so many places are told: a thousand more would say nothing new."""

Match = tuple[int, int, int]
"""Number of a pattern, begin and end."""


class Phrases:
    """Finds phrases, each given as its words, in the words of a text."""

    def __init__(self, phrases: Sequence[Sequence[str]]) -> None:
        self._more = [len(words) - 1 for words in phrases]
        self._compiled = compiled([f" {' '.join(words)} " for words in phrases])

    def places(self, tokens: Tokens) -> Iterator[Match]:
        """Number of each phrase that stands in the text, and its range of the text."""
        if self._compiled is None:
            return
        found = self._compiled.find_matches_as_indexes(tokens.joined, overlapping=True)
        # Matches come by their ends; the spaces before an end number its word.
        spaces = counted = 0
        for number, _, end in first_places(found):
            spaces += tokens.joined.count(" ", counted, end - 1)
            counted = end - 1
            yield (number, *tokens.words_span(spaces - 1 - self._more[number], spaces - 1))

    def any_in(self, joined: str) -> bool:
        """Whether one stands in words that are joined as those of tokens are."""
        return self._compiled is not None and bool(self._compiled.find_matches_as_indexes(joined))


def first_places(matches: list[Match]) -> list[Match]:
    """Of each pattern the first eight matches."""
    if len(matches) <= PLACES:
        return matches
    kept: list[Match] = []
    counts: Counter[int] = Counter()
    for match in matches:
        counts[match[0]] += 1
        if counts[match[0]] <= PLACES:
            kept.append(match)
    return kept


def compiled(patterns: list[str]) -> AhoCorasick | None:
    """The patterns as one automaton; None where there are none."""
    if not patterns:
        return None
    return AhoCorasick(
        patterns,
        matchkind=MatchKind.Standard,
        implementation=Implementation.ContiguousNFA,
        store_patterns=False,
    )
