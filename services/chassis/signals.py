"""What detectors say and what is decided of it, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.contracts.vocabulary import (
    AbsenceCause,
    Category,
    Decision,
    ProvenanceVerdict,
    PValueKind,
    Severity,
)

Scores = Mapping[Category, float]
"""Calibrated scores in 0..1. A category that is not in it was not judged."""


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points in the original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Box:
    """Region of the canonical picture, as fractions of width and height."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a decision. `rule` is an id, never the word it stands for."""

    category: Category
    severity: Severity
    rule: str
    span: Span | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class AbsentSignal:
    """A detector that could not answer. Absent is never the same as negative."""

    detector: str
    cause: AbsenceCause
    detail: str = ""


JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True, slots=True)
class Signal:
    """What one detector says of one item: scores for harm, or a verdict on provenance."""

    detector: str
    version: str
    scores: Scores = field(default_factory=dict)
    verdict: ProvenanceVerdict | None = None
    p_value: float | None = None
    p_kind: PValueKind | None = None
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision with its grounds, under one policy version."""

    decision: Decision
    reasons: tuple[Reason, ...]
    absent: tuple[AbsentSignal, ...]
    policy_version: str
