"""What the pieces of a pre-trained vocabulary say of the words they make up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt
from tokenizers.models import WordPiece

from services.prompt_filter.classifier.ngrams import Int64

Floats = npt.NDArray[np.float64]
Weights = npt.NDArray[np.int16]

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
    """Cuts words greedily into the longest pieces of a vocabulary, as BERT does."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._cut = WordPiece(numbers, unk_token=UNKNOWN).tokenize

    def cut(self, word: str) -> list[int]:
        """The numbers of its pieces, or of the unknown one alone."""
        try:
            return [piece.id for piece in self._cut(word)]
        except UnicodeEncodeError:  # half a surrogate pair, which no vocabulary spells
            return self.cut(word.encode("utf-8", "replace").decode())


class PieceSums:
    """Integer sums of what the pieces of words weigh."""

    def __init__(self, cutter: WordCutter, weights: Weights) -> None:
        self._cut = cutter.cut
        self._weights = weights

    def of(self, words: Sequence[str]) -> Int64:
        """A row for each word: the sum of its pieces' weights by head, and the number of its pieces."""
        cut = list(map(self._cut, words))
        counts = np.array(list(map(len, cut)), np.int64)
        rows = np.zeros((len(words), self._weights.shape[1] + 1), np.int64)
        some = np.flatnonzero(counts)
        if len(some):
            found = self._weights.take(np.fromiter(chain.from_iterable(cut), np.int64), axis=0)
            starts = (np.cumsum(counts) - counts)[some]
            rows[some, :-1] = np.add.reduceat(found, starts, axis=0, dtype=np.int64)
        rows[:, -1] = counts
        return rows
