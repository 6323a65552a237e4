"""Misspelled terms: every listed word that begins alike and is about as long, compared by rapidfuzz.

Distance is optimal string alignment, which counts a swap as one edit. First letter and length leave
some dozens of a few thousand words; comparing those outright is several times as fast as looking a
token's deletions up in an index (Garbe's SymSpell), which makes dozens of strings of each token.
"""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

_MIN_LENGTH = 5
_TWO_EDITS_FROM = 9
_MAX_LENGTH = 24


class FuzzyIndex:
    """Finds the listed words that a token may be a misspelling of.

    One edit for words of 5 to 8 letters, two from 9 on; the first letter must agree;
    words of the dictionary are never taken for misspellings.
    """

    def __init__(self, words: Collection[str], dictionary: Collection[str]) -> None:
        self._dictionary = dictionary
        # By first letter and length of the token.
        self._within_reach: dict[tuple[str, int], list[str]] = {}
        for word in sorted(words):
            if _MIN_LENGTH <= len(word) <= _MAX_LENGTH and word.isalpha():
                reach = _edits(len(word))
                for length in range(len(word) - reach, len(word) + reach + 1):
                    if abs(length - len(word)) <= _edits(length):
                        self._within_reach.setdefault((word[0], length), []).append(word)

    def find(self, token: str) -> str | None:
        """The nearest listed word (of equals the first by letters), or None."""
        if not (_MIN_LENGTH - 1 <= len(token) <= _MAX_LENGTH + 1) or token in self._dictionary:
            return None
        if not (token.isascii() and token.isalpha()):
            return None
        words = self._within_reach.get((token[0], len(token)))
        if not words:
            return None
        close = extract(token, words, scorer=OSA.distance, score_cutoff=_edits(len(token)), limit=None)
        reached = [(distance, word) for word, distance, _ in close if 0 < distance <= _edits(len(word))]
        return min(reached)[1] if reached else None


def _edits(length: int) -> int:
    return 2 if length >= _TWO_EDITS_FROM else 1
