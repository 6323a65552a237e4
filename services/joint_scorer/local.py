"""The joint scorer inside the caller's own process, for the command line."""

from __future__ import annotations

from pathlib import Path

from services.chassis.errors import InvalidInputError
from services.chassis.signals import Scores
from services.contracts.vocabulary import Category
from services.joint_scorer.combine import JointVerdict, combine
from services.joint_scorer.half import Half
from services.joint_scorer.policy import DEFAULT_POLICY, JointPolicy


class LocalJointScorer:
    """Scores pairs by the same policy as the service."""

    def __init__(self, policy: JointPolicy) -> None:
        self._policy = policy

    @classmethod
    def open(cls, policy: Path | None = None) -> LocalJointScorer:
        """PolicyError where the policy cannot be decided by."""
        return cls(JointPolicy.load(policy or DEFAULT_POLICY))

    def score(self, prompt: Scores | None, image: Scores | None) -> JointVerdict:
        """Judge a pair of which one may be None.

        InvalidInputError: NOTHING_TO_SCORE without either, SCORE_OUT_OF_RANGE.
        """
        return combine(_half(prompt), _half(image), self._policy)


def _half(scores: Scores | None) -> Half | None:
    return None if scores is None else Half(_checked(scores))


def _checked(scores: Scores) -> dict[Category, float]:
    for category, score in scores.items():
        if not 0.0 <= score <= 1.0:
            raise InvalidInputError(f"score of {category.label} is not in 0..1", code="SCORE_OUT_OF_RANGE")
    return dict(scores)
