"""What single words add to a text's score, worked out once and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.ngrams import (
    Int64,
    LaidOut,
    NgramShape,
    UInt64,
    pair_halves,
    single_buckets,
)
from services.prompt_filter.classifier.word_pieces import PieceSums

# Some 30 MB at most; all are forgotten at once, which changes no sum.
_REMEMBERED: Final = 100_000
# A longer word is worked out each time: it seldom comes again and could be a whole prompt.
_LONGEST: Final = 32
_FIRST_ROOM: Final = 4096

Weights = npt.NDArray[np.int16]


class WordSums:
    """Integer sums of the weights of each word's n-grams and pieces. Safe to share between threads.

    A row holds by head the sums of the character n-grams, the word's own weights and the sums of
    its pieces, then the numbers of character n-grams and of pieces. Rows are exact, so what is
    remembered leaves no trace.
    """

    def __init__(
        self, shape: NgramShape, char_weights: Weights, word_weights: Weights, pieces: PieceSums
    ) -> None:
        self._shape = shape
        self._chars = char_weights
        self._words = word_weights
        self._pieces = pieces
        self._numbers: dict[str, int] = {}
        self._used = 0
        self._rows = np.zeros((_FIRST_ROOM, 3 * char_weights.shape[1] + 2), np.int64)
        self._halves = np.zeros((2, _FIRST_ROOM), np.uint64)
        self._lock = Lock()

    def of(self, words: Sequence[str]) -> tuple[Int64, UInt64]:
        """The row of each word, and its two halves of pairs of shape (2, words); both are copies."""
        with self._lock:
            try:
                chosen = np.fromiter(map(self._numbers.__getitem__, words), np.int64, len(words))
            except KeyError:
                chosen = np.array(self._learn(words), np.int64)
            return self._rows.take(chosen, axis=0), self._halves.take(chosen, axis=1)

    def _learn(self, words: Sequence[str]) -> list[int]:
        """Row numbers of all words. Rows of words too long to keep stand beyond those in use."""
        new = [word for word in dict.fromkeys(words) if word not in self._numbers]
        if self._used + len(new) > _REMEMBERED:
            self._numbers.clear()
            self._used = 0
            new = list(dict.fromkeys(words))
        new.sort(key=_too_long)
        self._store(new)
        passing = dict(zip(new, count(self._used), strict=False))
        kept = len(new) - sum(map(_too_long, new))
        self._numbers.update(zip(new[:kept], count(self._used), strict=False))
        self._used += kept
        return [passing[word] if word in passing else self._numbers[word] for word in words]

    def _store(self, new: Sequence[str]) -> None:
        end = self._used + len(new)
        if end > len(self._rows):
            room = max(end, 2 * len(self._rows)) - len(self._rows)
            self._rows = np.pad(self._rows, ((0, room), (0, 0)))
            self._halves = np.pad(self._halves, ((0, 0), (0, room)))
        laid_out = LaidOut.of(new)
        hashes = laid_out.hashes()
        heads = self._chars.shape[1]
        rows = self._rows[self._used : end]
        rows[:, :heads] = self._character_sums(laid_out)
        rows[:, heads : 2 * heads] = self._words.take(single_buckets(hashes, self._shape), axis=0)
        by_piece = self._pieces.of(new)
        rows[:, 2 * heads : -2] = by_piece[:, :-1]
        rows[:, -2] = _character_counts(laid_out.lengths, self._shape)
        rows[:, -1] = by_piece[:, -1]
        self._halves[:, self._used : end] = pair_halves(hashes)

    def _character_sums(self, laid_out: LaidOut) -> Int64:
        buckets, fits = laid_out.characters(self._shape)
        found = self._chars.take(np.where(fits, buckets, len(self._chars) - 1), axis=0)
        return np.asarray(np.add.reduceat(found.sum(axis=0, dtype=np.int64), laid_out.starts[:-1], axis=0))


def summable(weights: npt.NDArray[np.int8]) -> Weights:
    """The companded weights q * |q|, and after the last a row of zeros for what has no weight."""
    summable = np.zeros((len(weights) + 1, weights.shape[1]), np.int16)
    summable[:-1] = np.abs(weights.astype(np.int16))
    summable[:-1] *= weights
    return summable


def _too_long(word: str) -> bool:
    return len(word) > _LONGEST


def _character_counts(lengths: Int64, shape: NgramShape) -> Int64:
    sizes = np.arange(shape.char_min, shape.char_max + 1)
    return np.asarray(np.maximum(lengths[:, None] - sizes + 1, 0).sum(axis=1))
