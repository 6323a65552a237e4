"""What the pieces of a pre-trained vocabulary say of the words they make up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import AhoCorasick, MatchKind

from services.prompt_filter.classifier.ngrams import Int64

Floats = npt.NDArray[np.float64]
Weights = npt.NDArray[np.int16]

_INSIDE: Final = "##"
"""Begins the pieces that do not begin a word."""

UNKNOWN: Final = "[UNK]"
"""Stands for a word that the vocabulary cannot spell."""


@dataclass(frozen=True)
class PieceWeights:
    """What the pieces of a vocabulary weigh, companded like the weights of n-grams.

    They come from the vectors that pre-trained encoders give the pieces, so a word that no training
    text holds weighs what its like do. A text's score in a column is bias + sum of its pieces'
    weights / sqrt(their number).
    """

    vocabulary: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    scale: Floats
    bias: Floats


class WordCutter:
    """Cuts words greedily into the longest pieces of a vocabulary, as BERT does.

    The leftmost longest matches of an Aho-Corasick automaton are that very cut, in linear time: what
    begins a word stands there with a space before it, and what goes on with one without its `##`.
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        spelled = {
            piece.removeprefix(_INSIDE) if piece.startswith(_INSIDE) else f" {piece}": number
            for number, piece in enumerate(vocabulary)
            if piece not in (UNKNOWN, _INSIDE)
        }
        self._find = AhoCorasick(list(spelled), matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes
        self._numbers = np.array(list(spelled.values()), np.int64)
        self._unknown = vocabulary.index(UNKNOWN)

    def cut(self, words: Sequence[str]) -> tuple[Int64, Int64]:
        """The pieces of all words one after the other, and how many each word has.

        A word that pieces do not spell has the unknown one alone.
        """
        piece, begin, end = self._matches(" ".join(["", *words]))
        lengths = np.array([len(word) + 1 for word in words], np.int64)
        owner = np.searchsorted(np.cumsum(lengths) - lengths, begin, side="right") - 1
        covered = np.bincount(owner, weights=end - begin, minlength=len(words))
        spelled = covered == lengths
        counts = np.where(spelled, np.bincount(owner, minlength=len(words)), 1)
        pieces = np.full(counts.sum(), self._unknown)
        pieces[spelled.repeat(counts)] = self._numbers[piece[spelled[owner]]]
        return pieces, counts

    def _matches(self, text: str) -> Int64:
        """Pattern, begin and end of each match, shape (3, matches)."""
        try:
            found = self._find(text)
        except UnicodeEncodeError:  # half a surrogate pair, which no vocabulary spells
            found = self._find(text.encode("utf-8", "replace").decode())
        return np.array(found, np.int64).reshape(-1, 3).T


class PieceSums:
    """Integer sums of what the pieces of words weigh."""

    def __init__(self, cutter: WordCutter, weights: Weights) -> None:
        self._cut = cutter.cut
        self._weights = weights

    def of(self, words: Sequence[str]) -> Int64:
        """A row for each word: the sum of its pieces' weights by head, and the number of its pieces."""
        rows = np.zeros((len(words), self._weights.shape[1] + 1), np.int64)
        if words:
            pieces, counts = self._cut(words)
            starts = np.cumsum(counts) - counts
            rows[:, :-1] = np.add.reduceat(self._weights.take(pieces, axis=0), starts, axis=0, dtype=np.int64)
            rows[:, -1] = counts
        return rows
