"""From raw scores to probabilities: Platt's logistic curve for each head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """Slope and intercept of every head's log-odds, each of shape (heads,).

    Slopes are positive, so calibration never reorders texts; ValueError otherwise.
    """

    slope: Floats
    intercept: Floats

    def __post_init__(self) -> None:
        if self.slope.shape != self.intercept.shape or not (self.slope > 0).all():
            raise ValueError("calibration needs a positive slope and an intercept for each head")

    def __call__(self, raw: Floats) -> Floats:
        """Probabilities in 0..1 for raw scores of shape (texts, heads)."""
        return np.asarray(1 / (1 + np.exp(-np.clip(raw * self.slope + self.intercept, -30, 30))))
