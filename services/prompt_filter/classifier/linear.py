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
            return cls(_shape(stored["shape"]), *(stored[name] for name in names))

    def logits(self, texts: Sequence[str]) -> Floats:
        """Scores of canonical texts, shape (texts, columns)."""
        blocks = [self._scored(block) for block in _blocks(texts)]
        return np.concatenate(blocks) if len(blocks) != 1 else blocks[0]

    def _scored(self, texts: Sequence[str]) -> Floats:
        split = [text.split() for text in texts]
        lengths = np.array(list(map(len, split)), dtype=np.int64)
        sums = self._summed(list(chain.from_iterable(split)), lengths)
        heads = self.char_weights.shape[1]
        chars = sums[:, :heads] / np.sqrt(np.maximum(sums[:, -1:], 1))
        words = sums[:, heads:-1] / np.sqrt(np.maximum(2 * lengths - 1, 1))[:, None]
        return np.asarray(self.bias + chars * self.char_scale + words * self.word_scale)

    def _summed(self, words: Sequence[str], lengths: Int64) -> Int64:
        """The sum of the rows of each text's words, with the weights of neighbouring pairs."""
        summed = np.zeros((len(lengths), self._sums_width), dtype=np.int64)
        if not words:
            return summed
        rows, hashes = self._word_sums.of(words)
        ends = np.cumsum(lengths)
        pairs = np.empty(len(words), dtype=np.int64)
        pairs[:-1] = pair_buckets(hashes, self.shape)
        some = lengths > 0
        pairs[ends[some] - 1] = len(self._pair_weights) - 1
        rows[:, self.char_weights.shape[1] : -1] += self._pair_weights.take(pairs, axis=0)
        # reduceat cannot sum an empty range, so empty texts are left out.
        summed[some] = np.add.reduceat(rows, (ends - lengths)[some], axis=0)
        return summed

    @property
    def _sums_width(self) -> int:
        return int(self.char_weights.shape[1] + self.word_weights.shape[1] + 1)

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


def _shape(stored: npt.NDArray[np.int64]) -> NgramShape:
    """Four numbers. Five belong to a model of n-grams across words, which this code scores wrongly."""
    numbers = stored.tolist()
    return NgramShape(*(numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:])))
