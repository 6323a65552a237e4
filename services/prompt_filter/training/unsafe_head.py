"""The head for rated adversarial prompts, fitted after the encoder is trained for the others.

A thousand rated prompts are too few to bend a transformer: fine-tuned on them it learns them by
heart, while regression on what the other heads taught it keeps ranking new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnxruntime
from sklearn.linear_model import LogisticRegression

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class UnsafeHeadSettings:
    """Inverse penalty of the regression on standardised features, rated texts weighing one;
    mass of the harmless texts beside them.
    """

    inverse_penalty: float = 2e-3
    background: float = 0.05


def pooled(session: onnxruntime.InferenceSession, ids: Sequence[Sequence[int]]) -> Array:
    """Mean token vectors from an encoder without head, shape (texts, features)."""
    return np.concatenate([_run(session, row) for row in ids])


def fit(features: Array, target: Array, weight: Array, settings: UnsafeHeadSettings) -> tuple[Array, float]:
    """Weights and bias on the raw features, for soft targets."""
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-3
    scaled = (features - mean) / deviation
    model = LogisticRegression(C=settings.inverse_penalty, max_iter=500)
    labels = np.repeat([1, 0], len(scaled))
    shares = np.concatenate([weight * target, weight * (1 - target)])
    model.fit(np.vstack([scaled, scaled]), labels, shares)
    weights = model.coef_[0] / deviation
    return weights, float(model.intercept_[0] - mean @ weights)


def reweighed(weight: Array, background: float) -> Array:
    """The harmless texts together carry `background` for each rated one."""
    rated = weight == 1
    scale = background * rated.sum() / max(weight[~rated].sum(), 1e-9)
    return np.where(rated, 1.0, weight * scale)


def rows_to_read(weight: Array, harmless: int, seed: int) -> npt.NDArray[np.int64]:
    """All rated rows and a sample of the harmless ones, which weigh little each."""
    known = np.flatnonzero(weight)
    rated = known[weight[known] == 1]
    others = np.setdiff1d(known, rated)
    sample = np.random.default_rng(seed).permutation(others)[:harmless]
    return np.concatenate([rated, np.sort(sample)])


def _run(session: onnxruntime.InferenceSession, ids: Sequence[int]) -> Array:
    (output,) = session.run(None, {"ids": np.array([ids], dtype=np.int64)})
    return np.asarray(output, dtype=np.float64)
