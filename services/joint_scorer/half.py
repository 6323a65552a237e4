"""What one modality says of a generation: one half of the joint evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from services.chassis.errors import InvalidInputError
from services.chassis.signals import AbsentSignal, Reason
from services.contracts.vocabulary import Category, Decision

T = TypeVar("T")


class Channel(StrEnum):
    """The two modalities; the value names them in rules and absent signals."""

    PROMPT = "prompt"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Half:
    """One modality's evidence.

    Attributes:
        scores: calibrated, of judged categories only.
        decision: the modality's own, a floor for the joint one; None where it made none.
        reasons: grounds of that decision, where they are known.
    """

    scores: Mapping[Category, float] = field(default_factory=dict)
    decision: Decision | None = None
    reasons: tuple[Reason, ...] = ()
    absent: tuple[AbsentSignal, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it says nothing at all."""
        return not self.scores and self.decision is None and not self.absent


def check_half(half: Half, channel: Channel) -> None:
    """InvalidInputError where a decision to act stands on nothing that could be named as its reason."""
    acts = half.decision is not None and half.decision > Decision.ALLOW
    if acts and not (half.scores or half.reasons or half.absent):
        raise InvalidInputError(
            f"the {channel} half has a decision, but neither scores nor absent signals",
            code="DECISION_WITHOUT_SCORES",
        )


def merged(one: Half | None, other: Half) -> Half:
    """Both statements about one modality, the graver of each kept: several pictures of a generation,
    or one stated again. Commutative and idempotent in all that bites."""
    if one is None or one == other:
        return other
    scores = {
        category: max(one.scores.get(category, 0.0), other.scores.get(category, 0.0))
        for category in sorted({*one.scores, *other.scores})
    }
    decisions = [half.decision for half in (one, other) if half.decision is not None]
    return Half(
        scores,
        max(decisions, default=None),
        _union(one.reasons, other.reasons),
        _union(one.absent, other.absent),
    )


def _union(one: tuple[T, ...], other: tuple[T, ...]) -> tuple[T, ...]:
    return (*one, *(each for each in other if each not in one))
