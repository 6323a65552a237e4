"""How the two stages are joined: gates, shares and the calibration of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.calibration import Calibration
from services.prompt_filter.classifier.heads import HARM, HEADS, UNSAFE
from services.prompt_filter.training.calibrate import platt
from services.prompt_filter.training.corpus import Corpus

Array = npt.NDArray[np.float64]

ORDINARY: Final = ("coco", "parti", "art", "pickapic", "diffusiondb")
"""Sources that stand for running traffic."""


@dataclass(frozen=True)
class BlendSettings:
    """`passed` is the share of ordinary harmless prompts that the encoder may see.

    On a source that neither stage was trained on, the encoder ranks far better than the linear
    model, which still helps a little.
    """

    passed: float = 0.15
    encoder_weight: float = 0.8
    unsafe_encoder_weight: float = 0.75
    # Least gates: below these the encoder never lifts a score over a threshold; `harm` is not published.
    gate_floors: Mapping[str, float] = field(
        default_factory=lambda: {"sexual_minors": 0.004, "nonconsensual": 0.01, HARM: 0.9}
    )

    def encoder_weights(self) -> Array:
        """One per head, in the order of HEADS."""
        chosen = {UNSAFE: self.unsafe_encoder_weight}
        return np.array([chosen.get(head, self.encoder_weight) for head in HEADS])


def calibration(raw: Array, corpus: Corpus, rows: npt.NDArray[np.bool_]) -> Calibration:
    """One curve a head from the chosen rows, large sources held back by n^-1/2."""
    targets = corpus.targets[rows].astype(np.float64)
    found = [platt(raw[rows, i], targets[:, i], _shares(corpus, rows, i)) for i in range(len(HEADS))]
    slopes, intercepts = np.array(found).T
    return Calibration(slopes, intercepts)


def gates(scores: Array, corpus: Corpus, settings: BlendSettings) -> Array:
    """Equal quantiles of every head over ordinary harmless prompts, so that few pass."""
    ordinary = scores[ordinary_harmless(corpus)]
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        if (ordinary >= np.quantile(ordinary, middle, axis=0)).any(axis=1).mean() > settings.passed:
            low = middle
        else:
            high = middle
    floors = np.array([settings.gate_floors.get(head, 0.0) for head in HEADS])
    return np.asarray(np.maximum(np.quantile(ordinary, high, axis=0), floors).round(6))


def ordinary_harmless(corpus: Corpus) -> npt.NDArray[np.bool_]:
    """Rows of running traffic on which nothing is known to be wrong."""
    clean = np.nan_to_num(corpus.targets).max(axis=1) == 0
    return np.asarray(clean & np.isin(corpus.sources, ORDINARY))


def shares(linear: Array, encoder: Array, settings: BlendSettings) -> tuple[Array, Array]:
    """Multipliers that bring both stages to one spread before they are weighted."""
    weights = settings.encoder_weights()
    return (1 - weights) / linear.std(axis=0), weights / encoder.std(axis=0)


def _shares(corpus: Corpus, rows: npt.NDArray[np.bool_], column: int) -> Array:
    known = ~np.isnan(corpus.targets[rows, column])
    sources = corpus.sources[rows]
    found = np.zeros(len(sources))
    for source in np.unique(sources):
        mine = known & (sources == source)
        found[mine] = max(1, mine.sum()) ** -0.5
    return found
