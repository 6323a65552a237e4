"""The linear model over hashed n-grams and word pieces: integer sums, so every replay is byte-identical."""

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
from services.prompt_filter.classifier.word_pieces import PieceSums, PieceWeights, WordCutter
from services.prompt_filter.classifier.word_sums import Weights, WordSums, summable

Floats = npt.NDArray[np.float64]

SCORED: Final = 2
"""How often the linear model scores every head: by n-grams, and by word pieces."""

# Texts are scored in blocks of about as many characters, which bounds the memory they take.
_BLOCK: Final = 1 << 17


@dataclass(frozen=True)
class LookedUp:
    """Words in their order: a row of sums of each, and its weights as a pair with the next."""

    rows: Int64
    pairs: Weights

    def by_text(self, lengths: Int64) -> tuple[Int64, Int64]:
        """Sums of either over each text of so many words."""
        if len(lengths) == 1:
            return self.rows.sum(axis=0)[None], self.pairs.sum(axis=0)[None]
        summed = np.zeros((len(lengths), self.rows.shape[1]), np.int64)
        paired = np.zeros((len(lengths), self.pairs.shape[1]), np.int64)
        # reduceat cannot sum an empty range, so empty texts are left out.
        some = np.flatnonzero(lengths)
        if len(some):
            ends = np.cumsum(lengths)
            starts = (ends - lengths)[some]
            within = self.pairs.copy()
            within[ends[some] - 1] = 0  # no pair spans two texts
            summed[some] = np.add.reduceat(self.rows, starts, axis=0)
            paired[some] = np.add.reduceat(within, starts, axis=0, dtype=np.int64)
        return summed, paired

    def pieces(self, lengths: Int64) -> Int64:
        """How many word pieces each text has, of so many words, one at least."""
        return np.asarray(np.add.reduceat(self.rows[:, -1], np.cumsum(lengths) - lengths))

    def of_text(self, row: int, lengths: Int64) -> LookedUp:
        """The words of one text, where all are of texts of these lengths; no pair spans two."""
        end = int(lengths[: row + 1].sum())
        begin = end - int(lengths[row])
        pairs = self.pairs[begin:end].copy()
        pairs[-1:] = 0
        return LookedUp(self.rows[begin:end], pairs)


@dataclass(frozen=True)
class ScoredTexts:
    """Raw scores of texts, shape (texts, 2 * heads), and their words, where those are few enough to keep."""

    logits: Floats
    lengths: Int64
    words: LookedUp | None

    def words_of(self, row: int) -> LookedUp | None:
        """What was looked up for one text."""
        return None if self.words is None else self.words.of_text(row, self.lengths)


@dataclass(frozen=True)
class NgramWeights:
    """What hashed n-grams weigh: in 8 bits, companded, a stored q stands for q * |q| * scale of its column.

    A text's score in a column is bias + sum of its weights / sqrt(number of its n-grams), apart
    for character and for word n-grams.
    """

    shape: NgramShape
    char_weights: npt.NDArray[np.int8]
    word_weights: npt.NDArray[np.int8]
    char_scale: Floats
    word_scale: Floats
    bias: Floats


@dataclass(frozen=True)
class LinearModel:
    """Scores every head twice: by n-grams, which the training texts taught, and by word pieces, whose
    likeness pre-trained encoders know.
    """

    ngrams: NgramWeights
    pieces: PieceWeights

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read the arrays that the training export wrote."""
        with np.load(path, allow_pickle=False) as stored:
            names = ("char_weights", "word_weights", "char_scale", "word_scale", "bias")
            ngrams = NgramWeights(NgramShape(*stored["shape"].tolist()), *(stored[name] for name in names))
            vocabulary = tuple(stored["vocabulary"].tobytes().decode().split("\n"))
            pieces = PieceWeights(
                vocabulary, stored["piece_weights"], stored["piece_scale"], stored["piece_bias"]
            )
        model = cls(ngrams, pieces)
        model.logits(["ready"])  # makes the tables now rather than for the first prompt
        return model

    def logits(self, texts: Sequence[str]) -> Floats:
        """Scores of canonical texts, shape (texts, 2 * heads): all heads by n-grams, then all by pieces."""
        return self.score(texts).logits

    def score(self, texts: Sequence[str]) -> ScoredTexts:
        """The same, with the words for a closer look."""
        blocks = [self._scored(block) for block in _blocks(texts)]
        if len(blocks) == 1:
            return blocks[0]
        logits = np.concatenate([block.logits for block in blocks])
        return ScoredTexts(logits, np.concatenate([block.lengths for block in blocks]), None)

    def _scored(self, texts: Sequence[str]) -> ScoredTexts:
        split = [text.split() for text in texts]
        lengths = np.array(list(map(len, split)), dtype=np.int64)
        words = self.look_up(list(chain.from_iterable(split)))
        return ScoredTexts(self.logits_of(words, lengths), lengths, words)

    def look_up(self, words: Sequence[str]) -> LookedUp:
        """What the model says of words that stand in this order."""
        rows, halves = self._word_sums.of(words)
        pairs = np.full(len(words), len(self._pair_weights) - 1)
        pairs[:-1] = pair_buckets(halves[0, :-1], halves[1, 1:], self.ngrams.shape)
        return LookedUp(rows, self._pair_weights.take(pairs, axis=0))

    def logits_of(self, words: LookedUp, lengths: Int64) -> Floats:
        """Scores of the texts that these words are, one after the other, each of so many words."""
        summed, paired = words.by_text(lengths)
        heads = paired.shape[1]
        sums, chars, pieces = summed[:, :-2], summed[:, -2], summed[:, -1]
        sums[:, heads : 2 * heads] += paired
        roots = np.sqrt(np.maximum(np.stack([chars, 2 * lengths - 1, pieces], axis=1), 1))
        scores = sums / roots.repeat(heads, axis=1) * self._scales
        scores[:, heads : 2 * heads] += scores[:, :heads]
        return np.asarray(scores[:, heads:] + self._biases)

    @cached_property
    def _scales(self) -> Floats:
        return np.concatenate([self.ngrams.char_scale, self.ngrams.word_scale, self.pieces.scale])

    @cached_property
    def _biases(self) -> Floats:
        return np.concatenate([self.ngrams.bias, self.pieces.bias])

    @cached_property
    def _pair_weights(self) -> Weights:
        return summable(self.ngrams.word_weights)

    @cached_property
    def _word_sums(self) -> WordSums:
        pieces = PieceSums(WordCutter(self.pieces.vocabulary), summable(self.pieces.weights))
        return WordSums(self.ngrams.shape, summable(self.ngrams.char_weights), self._pair_weights, pieces)


def _blocks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """All texts in their order; one block at least."""
    begin = characters = 0
    for index, text in enumerate(texts):
        characters += len(text)
        if characters > _BLOCK and index > begin:
            yield texts[begin:index]
            begin, characters = index, len(text)
    yield texts[begin:]
