"""What models answer, as plain values, and how raw outputs become it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.chassis.signals import Box
from services.contracts.vocabulary import AbsenceCause, Category
from services.image_classifier.contract import Activation, ModelContract, OutputSpec
from services.image_classifier.preprocess import Placement

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Finding:
    """A model's score for one category in one view, and where, if it says where."""

    category: Category
    score: float
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What one model says of a picture: the strongest finding of each category it covers."""

    model: str
    version: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ModelFailure:
    """A model that was to answer for `covers` and could not."""

    model: str
    covers: frozenset[Category]
    cause: AbsenceCause
    detail: str = ""


def strongest(contract: ModelContract, views: Sequence[Sequence[Finding]]) -> ModelAnswer:
    """The highest score of each category over all views and frames."""
    best = {category: Finding(category, 0.0) for category in sorted(contract.covers)}
    for finding in (finding for view in views for finding in view):
        if finding.score > best[finding.category].score:
            best[finding.category] = finding
    return ModelAnswer(contract.name, contract.version, tuple(best.values()))


def from_scores(raw: Floats, contract: ModelContract) -> list[Finding]:
    """Read a classifier's output, [1, labels].

    ValueError for values that are no probabilities; a model that says so cannot be believed.
    """
    probabilities = _probabilities(raw.reshape(-1), contract.output)
    if not np.all((probabilities > -_SLACK) & (probabilities < 1 + _SLACK)):
        raise ValueError("outputs are not probabilities after the declared activation")
    per_category: dict[Category, list[float]] = {}
    for label, probability in zip(contract.output.labels, probabilities.tolist(), strict=True):
        for category in contract.categories[label]:
            per_category.setdefault(category, []).append(probability)
    combine = sum if contract.output.adds_up else max
    return [Finding(category, _unit(combine(each))) for category, each in per_category.items()]


def from_boxes(raw: Floats, contract: ModelContract, placement: Placement) -> list[Finding]:
    """Read a detector's output, [1, 4 + labels, candidates]: centre x, y, width, height in input
    pixels, then a score per label. The best candidate of each category is kept."""
    boxes, scores = raw[0, :4], _probabilities(raw[0, 4:].T, contract.output).T
    if not np.all(np.isfinite(scores)):
        raise ValueError("scores are not finite")
    findings: list[Finding] = []
    for row, label in enumerate(contract.output.labels):
        if not contract.categories[label] or not scores.shape[1]:
            continue
        best = int(scores[row].argmax())
        x, y, wide, high = (float(value) for value in boxes[:, best])
        box = placement.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        score = _unit(float(scores[row, best]))
        findings.extend(Finding(category, score, box) for category in contract.categories[label])
    return findings


_SLACK = 1e-3


def _probabilities(values: Floats, output: OutputSpec) -> Floats:
    """Along the last axis."""
    if output.activation is Activation.NONE:
        return values
    logits = values.astype(np.float64) / output.temperature
    if output.activation is Activation.SIGMOID:
        return np.asarray(0.5 * (1 + np.tanh(logits / 2)), np.float32)
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))
