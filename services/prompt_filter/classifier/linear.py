"""The linear model over hashed n-grams: integer sums, so every replay is byte-identical."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.ngrams import Ngrams, NgramShape, hash_ngrams

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LinearModel:
    """Weights in 8 bits, companded: a stored q stands for q * |q| * scale of its column.

    A text's score in a column is bias + sum of its weights / sqrt(number of its n-grams), apart
    for character and for word n-grams.
    """

    shape: NgramShape
    char_weights: npt.NDArray[np.int8]
    word_weights: npt.NDArray[np.int8]
    char_scale: Floats
    word_scale: Floats
    bias: Floats

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read the arrays that the training export wrote."""
        with np.load(path, allow_pickle=False) as stored:
            shape = NgramShape(*(int(value) for value in stored["shape"]))
            names = ("char_weights", "word_weights", "char_scale", "word_scale", "bias")
            return cls(shape, *(stored[name] for name in names))

    def logits(self, texts: Sequence[str]) -> Floats:
        """Scores of canonical texts, shape (texts, columns)."""
        chars, words = hash_ngrams(texts, self.shape)
        return (
            self.bias
            + _pooled(chars, self.char_weights) * self.char_scale
            + _pooled(words, self.word_weights) * self.word_scale
        )


def _pooled(ngrams: Ngrams, weights: npt.NDArray[np.int8]) -> Floats:
    columns = weights.shape[1]
    taken = weights.take(ngrams.buckets, axis=0).astype(np.int32)
    running = np.zeros((len(taken) + 1, columns), dtype=np.int64)
    np.cumsum(taken * np.abs(taken), axis=0, out=running[1:])
    sums = running[ngrams.starts[1:]] - running[ngrams.starts[:-1]]
    return sums / np.sqrt(np.maximum(ngrams.counts, 1))[:, None]
