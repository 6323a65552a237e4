"""Misspelled terms: a delete-neighbourhood index, each candidate checked by rapidfuzz.

Two words within k edits share a string reachable by at most k deletions from each
(Garbe's SymSpell). The index holds the neighbourhoods of the terms; a token is looked up
by its own. Distance is optimal string alignment, which counts a swap as one edit.
"""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz.distance import OSA

_MIN_LENGTH = 5
_TWO_EDITS_FROM = 9
_MAX_LENGTH = 24
_PREFIX = 7


class FuzzyIndex:
    """Finds the listed words that a token may be a misspelling of.

    One edit for words of 5 to 8 letters, two from 9 on; the first letter must agree;
    words of the dictionary are never taken for misspellings.
    """

    def __init__(self, words: Collection[str], dictionary: Collection[str]) -> None:
        self._dictionary = dictionary
        self._index: dict[str, list[str]] = {}
        for word in sorted(words):
            if _MIN_LENGTH <= len(word) <= _MAX_LENGTH and word.isalpha():
                for key in _neighbourhood(word, _edits(word)):
                    self._index.setdefault(key, []).append(word)

    def find(self, token: str) -> str | None:
        """The nearest listed word, or None. Cost is bounded by the token's length, not by the list's."""
        if not (_MIN_LENGTH - 1 <= len(token) <= _MAX_LENGTH + 1) or token in self._dictionary:
            return None
        if not (token.isascii() and token.isalpha()):
            return None
        best: tuple[int, str] | None = None
        for key in _neighbourhood(token, _edits(token)):
            for word in self._index.get(key, ()):
                if word[0] == token[0] and abs(len(word) - len(token)) <= 2:
                    allowed = min(_edits(word), _edits(token) + (len(token) == _MIN_LENGTH - 1))
                    distance = OSA.distance(token, word, score_cutoff=allowed)
                    if 0 < distance <= allowed and (best is None or (distance, word) < best):
                        best = (distance, word)
        return best[1] if best else None


def _edits(word: str) -> int:
    return 2 if len(word) >= _TWO_EDITS_FROM else 1


def _neighbourhood(word: str, edits: int) -> frozenset[str]:
    """Strings reached from the word's beginning by up to `edits` deletions; the first letter stays.

    Only the first letters are varied: words within k edits have beginnings that agree after at
    most k deletions from each, and the check by OSA sees the rest.
    """
    reached = {word[:_PREFIX]}
    frontier = reached
    for _ in range(edits):
        frontier = {longer[:at] + longer[at + 1 :] for longer in frontier for at in range(1, len(longer))}
        reached = reached | frontier
    return frozenset(reached)
