"""From the stages' raw scores to probabilities: a logistic regression for each output over all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Readout:
    """Log-odds of each output as a weighted sum of raw scores.

    A head says something about its neighbours too: hateful prose is seldom sexual, however coarse.
    `weights` has shape (raw scores, outputs), `intercept` (outputs,); ValueError otherwise.
    """

    weights: Floats
    intercept: Floats

    def __post_init__(self) -> None:
        if self.weights.ndim != 2 or self.intercept.shape != self.weights.shape[1:]:
            raise ValueError("a readout needs a weight for each raw score and output, and an intercept")

    def __call__(self, raw: Floats) -> Floats:
        """Probabilities in 0..1 of shape (texts, outputs) for raw scores of shape (texts, raw scores)."""
        log_odds = np.repeat(self.intercept[None, :], len(raw), axis=0)
        # Term by term: a matrix product may round differently for one text than for many.
        for score, weights in zip(raw.T, self.weights, strict=True):
            log_odds += score[:, None] * weights
        return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))
