"""From models' answers to the verdict on a picture. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.chassis.signals import AbsentSignal, Outcome, Reason, Scores
from services.contracts.vocabulary import AbsenceCause, Category
from services.image_classifier.answers import Finding, ModelAnswer, ModelFailure
from services.image_classifier.policy import ImagePolicy, Uncovered

DETECTOR = "image_model"
"""Detector of categories that no model is configured for."""


@dataclass(frozen=True, slots=True)
class ImageVerdict:
    """The decision on a picture.

    Attributes:
        scores: of categories some model answered for; the others are in `outcome.absent`.
        models: name@version of those that answered.
    """

    outcome: Outcome
    scores: Scores
    models: tuple[str, ...]


def classify(
    answers: Sequence[ModelAnswer], failures: Sequence[ModelFailure], policy: ImagePolicy
) -> ImageVerdict:
    """Decide by the strongest finding of each category over all models."""
    found = _strongest(answers)
    promised = frozenset[Category]().union(*(failure.covers for failure in failures))
    uncovered = [each for each in Category if each not in found and each not in promised]
    unanswered = set(promised - found.keys())
    if policy.uncovered is Uncovered.FAIL_MODE:
        unanswered |= set(uncovered)
    scores = {category: finding.score for category, (_, finding) in found.items()}
    outcome = policy.decide(
        scores,
        grounds=_grounds(found, policy),
        absent=[*_failed(failures), *_not_configured(uncovered)],
        unanswered=sorted(unanswered),
    )
    return ImageVerdict(outcome, scores, tuple(f"{each.model}@{each.version}" for each in answers))


def unreadable(code: str, policy: ImagePolicy) -> ImageVerdict:
    """The verdict on a picture that could not be decoded: every fail mode applies."""
    absent = [AbsentSignal("decoder", AbsenceCause.FAILED, code)]
    return ImageVerdict(policy.decide({}, absent=absent, unanswered=list(Category)), {}, ())


Found = Mapping[Category, tuple[ModelAnswer, Finding]]


def _strongest(answers: Sequence[ModelAnswer]) -> Found:
    found: dict[Category, tuple[ModelAnswer, Finding]] = {}
    for answer in answers:
        for finding in answer.findings:
            held = found.get(finding.category)
            if held is None or finding.score > held[1].score:
                found[finding.category] = (answer, finding)
    return found


def _grounds(found: Found, policy: ImagePolicy) -> Iterator[Reason]:
    for category in sorted(found):
        answer, finding = found[category]
        severity = policy.categories[category].severity
        yield Reason(category, severity, f"model:{answer.model}", box=finding.box)


def _failed(failures: Sequence[ModelFailure]) -> Iterator[AbsentSignal]:
    for failure in failures:
        yield AbsentSignal(failure.model, failure.cause, failure.detail)


def _not_configured(uncovered: Sequence[Category]) -> Iterator[AbsentSignal]:
    """One signal where nothing is configured at all, else one a category."""
    if len(uncovered) == len(Category):
        yield AbsentSignal(DETECTOR, AbsenceCause.NOT_CONFIGURED, "no image model is configured")
        return
    for category in uncovered:
        yield AbsentSignal(f"{DETECTOR}.{category.label}", AbsenceCause.NOT_CONFIGURED)
