"""Fits Platt's logistic curve and measures how well probabilities meet outcomes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

Array = npt.NDArray[np.float64]


def platt(raw: Array, target: Array, weight: Array) -> tuple[float, float]:
    """Slope and intercept for soft targets; unknown targets and zero weights are left out."""
    known = ~np.isnan(target) & (weight > 0)
    scores, soft, share = raw[known], target[known], weight[known]
    model = LogisticRegression(C=1e4)
    model.fit(
        np.concatenate([scores, scores])[:, None],
        np.repeat([1, 0], len(scores)),
        np.concatenate([share * soft, share * (1 - soft)]),
    )
    return max(float(model.coef_[0, 0]), 1e-3), float(model.intercept_[0])


def expected_calibration_error(probability: Array, target: Array, bins: int = 15) -> float:
    """Mean gap between probability and outcome over equally filled bins."""
    order = np.argsort(probability)
    gaps = [
        abs(probability[part].mean() - target[part].mean()) * len(part)
        for part in np.array_split(order, bins)
        if len(part)
    ]
    return float(sum(gaps) / max(1, len(probability)))
