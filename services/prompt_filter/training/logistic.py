"""Logistic regression on soft targets, and how well probabilities meet outcomes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

Array = npt.NDArray[np.float64]


def logistic(features: Array, target: Array, weight: Array, inverse_penalty: float) -> tuple[Array, float]:
    """Weights and intercept for soft targets; weights of examples are brought to a mean of one.

    Of no examples nothing is learnt: all are zero.
    """
    if not len(features):
        return np.zeros(features.shape[1]), 0.0
    share = weight / weight.mean()
    model = LogisticRegression(C=inverse_penalty, max_iter=2000)
    model.fit(
        np.concatenate([features, features]),
        np.repeat([1, 0], len(features)),
        np.concatenate([share * target, share * (1 - target)]),
    )
    return np.asarray(model.coef_[0]), float(model.intercept_[0])


def expected_calibration_error(probability: Array, target: Array, bins: int = 15) -> float:
    """Mean gap between probability and outcome over equally filled bins."""
    order = np.argsort(probability)
    gaps = [
        abs(probability[part].mean() - target[part].mean()) * len(part)
        for part in np.array_split(order, bins)
        if len(part)
    ]
    return float(sum(gaps) / max(1, len(probability)))
