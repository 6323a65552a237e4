"""A head each on what encoders that are left as they are make of a text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import HEADS, UNSAFE
from services.prompt_filter.training import unsafe_head
from services.prompt_filter.training.corpus import Corpus
from services.prompt_filter.training.logistic import logistic

Array = npt.NDArray[np.float64]

_UNSAFE = HEADS.index(UNSAFE)


@dataclass(frozen=True)
class FrozenSettings:
    """So many `texts` are drawn to fit the heads; the inverse penalty is that of the regression on
    standardised features.
    """

    texts: int = 24_000
    inverse_penalty: float = 1e-3
    seed: int = 7


@dataclass(frozen=True)
class FrozenHeads:
    """Weights (features, heads) and biases (heads,) on the features as they come."""

    weights: Array
    biases: Array


def drawn(balanced: Array, settings: FrozenSettings) -> npt.NDArray[np.int64]:
    """Rows without repeats by their weight over all heads but `unsafe`, and every rated row."""
    mass = np.delete(balanced, _UNSAFE, axis=1).sum(axis=1)
    count = min(settings.texts, int((mass > 0).sum()))
    random = np.random.default_rng(settings.seed)
    chosen = random.choice(len(mass), size=count, replace=False, p=mass / mass.sum())
    return np.union1d(chosen, np.flatnonzero(balanced[:, _UNSAFE] == 1))


def fit(
    features: Array,
    texts: Corpus,
    balanced: Array,
    settings: FrozenSettings,
    unsafe: unsafe_head.UnsafeHeadSettings,
) -> FrozenHeads:
    """From the drawn texts, their features and weights."""
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled = (features - mean) / deviation
    found = []
    for column, head in enumerate(HEADS):
        target = texts.head(head).astype(np.float64)
        share = _share(balanced, column, unsafe.background) * ~np.isnan(target)
        known = share > 0
        weights, bias = logistic(scaled[known], target[known], share[known], settings.inverse_penalty)
        found.append((weights / deviation, bias - (mean / deviation) @ weights))
    return FrozenHeads(np.array([weights for weights, _ in found]).T, np.array([bias for _, bias in found]))


def _share(balanced: Array, column: int, background: float) -> Array:
    """Rows drawn by their weight count one each; beside rated ones the others weigh `background`."""
    if column != _UNSAFE:
        return np.ones(len(balanced))
    return unsafe_head.reweighed(balanced[:, column], background)
