"""Logistic regression over hashed n-grams, all heads at once, with soft targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from services.prompt_filter.classifier.heads import HEADS, UNSAFE
from services.prompt_filter.classifier.linear import NgramWeights
from services.prompt_filter.classifier.ngrams import Ngrams, NgramShape, hash_ngrams

Array = npt.NDArray[np.float64]
_BLOCK = 2000


@dataclass(frozen=True)
class LinearSettings:
    """L2 penalties per unit of a head's total example weight; `unsafe` has few examples."""

    shape: NgramShape = field(default_factory=NgramShape)
    penalty: float = 1e-6
    unsafe_penalty: float = 2e-4
    iterations: int = 120

    def penalties(self) -> Array:
        """One per head, in the order of HEADS."""
        return np.array([self.unsafe_penalty if h == UNSAFE else self.penalty for h in HEADS])


def features(texts: Sequence[str], shape: NgramShape) -> csr_matrix:
    """Counts / sqrt(number of n-grams), characters' columns first; shape (texts, buckets)."""
    blocks = [hash_ngrams(texts[start : start + _BLOCK], shape) for start in range(0, len(texts), _BLOCK)]
    chars = _matrix([chars for chars, _ in blocks], shape.char_bits)
    words = _matrix([words for _, words in blocks], shape.word_bits)
    return hstack([chars, words], format="csr", dtype=np.float32)


def _matrix(blocks: Sequence[Ngrams], bits: int) -> csr_matrix:
    counts = np.concatenate([block.counts for block in blocks])
    starts = np.concatenate([[0], np.cumsum(counts)])
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    buckets = np.concatenate([block.buckets for block in blocks]).astype(np.int32)
    matrix = csr_matrix((values, buckets, starts), shape=(len(counts), 1 << bits))
    matrix.sum_duplicates()
    return matrix


def inverse_document_frequency(matrix: csr_matrix) -> npt.NDArray[np.float32]:
    """Rare n-grams count more; those of a single text count nothing."""
    seen = np.bincount(matrix.indices, minlength=matrix.shape[1])
    idf = np.log((1 + matrix.shape[0]) / (1 + seen)) / np.log(matrix.shape[0])
    return np.where(seen > 1, idf, 0).astype(np.float32)


def fit(
    matrix: csr_matrix, targets: Array, weights: Array, settings: LinearSettings
) -> tuple[npt.NDArray[np.float32], Array]:
    """Weights (buckets, heads) and biases (heads) that act on `matrix`, by L-BFGS.

    Unknown targets must weigh nothing; a head without any weight stays zero.
    """
    idf = inverse_document_frequency(matrix)
    used = np.flatnonzero(idf)
    reduced = matrix[:, used].multiply(idf[used]).tocsr().astype(np.float32)
    found = np.zeros((matrix.shape[1], targets.shape[1]), dtype=np.float32)
    bias = np.zeros(targets.shape[1])
    for column, penalty in enumerate(settings.penalties()):
        rows = np.flatnonzero(weights[:, column])
        if len(rows):
            labels, share = targets[rows, column], weights[rows, column]
            solved = _fit_head(reduced[rows], labels, share, penalty, settings.iterations)
            found[used, column], bias[column] = solved[:-1] * idf[used], solved[-1]
    return found, bias


def _fit_head(matrix: csr_matrix, target: Array, weight: Array, penalty: float, iterations: int) -> Array:
    """Weights, then the bias. Each head alone: their curvatures differ too much to share steps."""
    transposed = matrix.T.tocsr()
    share = weight / weight.sum()

    def loss(flat: Array) -> tuple[float, Array]:
        logits = matrix @ flat[:-1].astype(np.float32) + flat[-1]
        value = (share * (np.logaddexp(0, logits) - target * logits)).sum()
        slope = share * (1 / (1 + np.exp(-logits)) - target)
        gradient = transposed @ slope.astype(np.float32) + penalty * flat[:-1]
        squared = penalty / 2 * np.square(flat[:-1]).sum()
        return float(value + squared), np.append(gradient, slope.sum())

    start = np.zeros(matrix.shape[1] + 1)
    limits = {"maxiter": iterations, "maxcor": 8}
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options=limits).x)


def compand(weights: npt.NDArray[np.float32], bias: Array, shape: NgramShape) -> NgramWeights:
    """The weights in 8 bits."""
    chars, char_scale = companded(weights[: 1 << shape.char_bits])
    words, word_scale = companded(weights[1 << shape.char_bits :])
    return NgramWeights(shape, chars, words, char_scale, word_scale, bias)


def companded(weights: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], Array]:
    """Weights in 8 bits and the scale of each column; a quadratic scale keeps small weights apart."""
    largest = np.maximum(np.abs(weights).max(axis=0).astype(np.float64), 1e-9)
    stored = np.sign(weights) * np.round(127 * np.sqrt(np.abs(weights) / largest))
    return stored.astype(np.int8), largest / 127**2
