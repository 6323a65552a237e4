"""The linear model over hashed n-grams: integer sums, so every replay is byte-identical."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.ngrams import Int64, NgramShape, pair_buckets
from services.prompt_filter.classifier.word_sums import Weights, WordSums, summable

Floats = npt.NDArray[np.float64]

# Texts are scored in blocks of about as many characters, which bounds the memory they take.
_BLOCK: Final = 1 << 17


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
            names = ("char_weights", "word_weights", "char_scale", "word_scale", "bias")
            model = cls(NgramShape(*stored["shape"].tolist()), *(stored[name] for name in names))
        model.logits(["ready"])  # makes the tables now rather than for the first prompt
        return model

    def logits(self, texts: Sequence[str]) -> Floats:
        """Scores of canonical texts, shape (texts, columns)."""
        blocks = [self._scored(block) for block in _blocks(texts)]
        return np.concatenate(blocks) if len(blocks) != 1 else blocks[0]

    def _scored(self, texts: Sequence[str]) -> Floats:
        split = [text.split() for text in texts]
        lengths = np.array(list(map(len, split)), dtype=np.int64)
        chars, words, characters = self._summed(list(chain.from_iterable(split)), lengths)
        pooled = chars / np.sqrt(np.maximum(characters, 1))
        told = words / np.sqrt(np.maximum(2 * lengths - 1, 1))[:, None]
        return np.asarray(self.bias + pooled * self.char_scale + told * self.word_scale)

    def _summed(self, words: Sequence[str], lengths: Int64) -> tuple[Int64, Int64, Int64]:
        """By text the weights of character n-grams, of words and pairs, and the number of the former."""
        heads = self.char_weights.shape[1]
        rows, halves = self._word_sums.of(words)
        pairs = pair_buckets(halves[0, :-1], halves[1, 1:], self.shape)
        if len(lengths) == 1:
            summed, paired = rows.sum(axis=0)[None], self._pair_weights.take(pairs, axis=0).sum(axis=0)
        else:
            summed, paired = self._by_text(rows, pairs, lengths)
        return summed[:, :heads], summed[:, heads:-1] + paired, summed[:, -1:]

    def _by_text(self, rows: Int64, pairs: Int64, lengths: Int64) -> tuple[Int64, Int64]:
        """Sums of the rows and of the pairs' weights over each text."""
        summed = np.zeros((len(lengths), rows.shape[1]), np.int64)
        paired = np.zeros((len(lengths), self._pair_weights.shape[1]), np.int64)
        # reduceat cannot sum an empty range, so empty texts are left out.
        some = np.flatnonzero(lengths)
        if len(some):
            ends = np.cumsum(lengths)
            starts = (ends - lengths)[some]
            within = np.append(pairs, 0)
            within[ends[some] - 1] = len(self._pair_weights) - 1
            summed[some] = np.add.reduceat(rows, starts, axis=0)
            weights = self._pair_weights.take(within, axis=0)
            paired[some] = np.add.reduceat(weights, starts, axis=0, dtype=np.int64)
        return summed, paired

    @cached_property
    def _pair_weights(self) -> Weights:
        return summable(self.word_weights)

    @cached_property
    def _word_sums(self) -> WordSums:
        return WordSums(self.shape, summable(self.char_weights), self._pair_weights)


def _blocks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """All texts in their order; one block at least."""
    begin = characters = 0
    for index, text in enumerate(texts):
        characters += len(text)
        if characters > _BLOCK and index > begin:
            yield texts[begin:index]
            begin, characters = index, len(text)
    yield texts[begin:]
