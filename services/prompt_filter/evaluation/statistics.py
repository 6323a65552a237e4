"""Rates, areas and their 95 % bootstrap intervals, in numpy, with a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

RATE_RESAMPLES: Final = 1000
AREA_RESAMPLES: Final = 300


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval.

    Where every case went the same way the bootstrap knows no spread; `low` or `high` is then
    the bound of the rule of three, 3/n, over clusters.
    """

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"

    def percent(self) -> str:
        """In hundredths."""
        return f"{self.value:.2%} [{self.low:.2%}, {self.high:.2%}]"


def rate(hits: Sequence[bool], clusters: Sequence[str], seed: int) -> Estimate | None:
    """Share of hits; whole clusters are resampled. None of nothing."""
    if not hits:
        return None
    names, place = np.unique(np.asarray(clusters), return_inverse=True)
    hit = np.bincount(place, weights=np.asarray(hits, dtype=float), minlength=len(names))
    size = np.bincount(place, minlength=len(names)).astype(float)
    value = float(hit.sum() / size.sum())
    if value in (0.0, 1.0):
        bound = min(1.0, 3 / len(names))
        return Estimate(value, max(0.0, value - bound), min(1.0, value + bound), len(hits))
    drawn = _cluster_draws(len(names), seed)
    low, high = np.quantile((drawn @ hit) / (drawn @ size), [0.025, 0.975])
    return Estimate(value, float(low), float(high), len(hits))


def _cluster_draws(count: int, seed: int) -> Floats:
    """How often each cluster is drawn in each resample, shape (resamples, clusters)."""
    # Poisson weights stand for drawing with replacement where clusters are many.
    random = np.random.default_rng(seed)
    if count > 2000:
        return random.poisson(1.0, (200, count)).astype(np.float64)
    return random.multinomial(count, np.full(count, 1 / count), RATE_RESAMPLES).astype(np.float64)


def f1(
    found: Sequence[bool],
    found_clusters: Sequence[str],
    wrong: Sequence[bool],
    wrong_clusters: Sequence[str],
    seed: int,
) -> Estimate | None:
    """F1 of `found` among those sought and `wrong` among those not; whole clusters are resampled."""
    if not found:
        return None
    positives, negatives = _by_cluster(found, found_clusters), _by_cluster(wrong, wrong_clusters)
    first, second = _cluster_draws(len(positives), seed), _cluster_draws(len(negatives), seed + 1)
    resamples = min(len(first), len(second))
    true = first[:resamples] @ positives[:, 0]
    missed = first[:resamples] @ (positives[:, 1] - positives[:, 0])
    false = second[:resamples] @ negatives[:, 0]
    low, high = np.quantile(_f1(true, missed, false), [0.025, 0.975])
    hits, all_found = sum(found), len(found)
    value = _f1(np.array([hits]), np.array([all_found - hits]), np.array([sum(wrong)]))[0]
    return Estimate(float(value), float(low), float(high), all_found + len(wrong))


def _by_cluster(hits: Sequence[bool], clusters: Sequence[str]) -> Floats:
    """Hits and sizes, shape (clusters, 2)."""
    if not hits:
        return np.zeros((1, 2))
    names, place = np.unique(np.asarray(clusters), return_inverse=True)
    counted = [
        np.bincount(place, weights=np.asarray(weights, dtype=float), minlength=len(names))
        for weights in (hits, np.ones(len(hits)))
    ]
    return np.stack(counted, axis=1)


def _f1(true: Floats, missed: Floats, false: Floats) -> Floats:
    return np.asarray(2 * true / np.maximum(2 * true + missed + false, 1e-9))


def auroc(score: Floats, positive: Bools, weight: Floats) -> float:
    """Chance that a positive scores above a negative, ties counting half."""
    up, down = _steps(score, positive, weight)
    below = np.cumsum(down) - down
    return float((up * (below + down / 2)).sum() / max(up.sum() * down.sum(), 1e-12))


def auprc(score: Floats, positive: Bools, weight: Floats) -> float:
    """Average precision: precision at each score, weighted by the recall it adds."""
    up, down = (part[::-1] for part in _steps(score, positive, weight))
    true, all_taken = np.cumsum(up), np.cumsum(up + down)
    return float((up * true / np.maximum(all_taken, 1e-12)).sum() / max(up.sum(), 1e-12))


def recall_at(false_positives: float) -> Callable[[Floats, Bools, Floats], float]:
    """Recall at the lowest threshold that keeps to a share of false positives."""

    def measure(score: Floats, positive: Bools, weight: Floats) -> float:
        up, down = (part[::-1] for part in _steps(score, positive, weight))
        kept = np.cumsum(down) <= false_positives * down.sum()
        reached = np.where(kept, np.cumsum(up), 0.0).max(initial=0.0)
        return float(reached / max(up.sum(), 1e-12))

    return measure


def _steps(score: Floats, positive: Bools, weight: Floats) -> tuple[Floats, Floats]:
    """Weight of positives and of negatives at each distinct score, upwards."""
    _, place = np.unique(score, return_inverse=True)
    up = np.bincount(place, weights=weight * positive).astype(np.float64)
    down = np.bincount(place, weights=weight * ~positive).astype(np.float64)
    return up, down


def area(
    measure: Callable[[Floats, Bools, Floats], float], score: Floats, positive: Bools, seed: int
) -> Estimate | None:
    """A measure of ranking with its interval; None where a class is empty."""
    if not positive.any() or positive.all():
        return None
    random = np.random.default_rng(seed)
    count = len(score)
    drawn = [
        measure(score, positive, np.bincount(random.integers(0, count, count), minlength=count).astype(float))
        for _ in range(AREA_RESAMPLES)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(measure(score, positive, np.ones(count)), float(low), float(high), count)


def calibration_error(score: Floats, target: Floats, bins: int = 15) -> float:
    """Expected calibration error: mean gap between score and frequency over equal-width bins."""
    place = np.minimum((score * bins).astype(int), bins - 1)
    gap = np.abs(np.bincount(place, weights=score - target, minlength=bins))
    return float(gap.sum() / max(len(score), 1))
