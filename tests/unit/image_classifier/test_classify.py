"""From answers to verdicts: the strongest counts, absent is never negative, fail modes are kept."""

import pytest

from services.chassis.signals import Box
from services.contracts.vocabulary import AbsenceCause, Category, Decision
from services.image_classifier.answers import Finding, ModelAnswer, ModelFailure
from services.image_classifier.classify import classify, unreadable
from services.image_classifier.policy import DEFAULT_POLICY, STRICT_POLICY, ImagePolicy

POLICY = ImagePolicy.load(DEFAULT_POLICY)
STRICT = ImagePolicy.load(STRICT_POLICY)
SEXUAL = frozenset({Category.SEXUAL})


def answer(model: str, **scores: float) -> ModelAnswer:
    findings = tuple(
        Finding(Category[name.upper()], score, Box(0, 0, 1, 1)) for name, score in scores.items()
    )
    return ModelAnswer(model, "1", findings)


def test_without_models_nothing_is_claimed() -> None:
    verdict = classify([], [], POLICY)
    assert verdict.outcome.decision is Decision.ALLOW
    assert verdict.scores == {}
    assert [(each.detector, each.cause) for each in verdict.outcome.absent] == [
        ("image_model", AbsenceCause.NOT_CONFIGURED)
    ]


def test_the_strict_policy_fails_closed_without_models() -> None:
    verdict = classify([], [], STRICT)
    assert verdict.outcome.decision is Decision.BLOCK
    assert "absent:sexual_minors" in {reason.rule for reason in verdict.outcome.reasons}


def test_categories_without_a_model_are_named() -> None:
    verdict = classify([answer("one", sexual=0.1, violence=0.1)], [], POLICY)
    assert [each.detector for each in verdict.outcome.absent] == [
        "image_model.sexual_minors",
        "image_model.nonconsensual",
        "image_model.graphic_violence",
    ]
    assert verdict.outcome.decision is Decision.ALLOW
    assert verdict.models == ("one@1",)


@pytest.mark.parametrize("order", [1, -1])
def test_the_strongest_answer_of_any_model_is_the_reason(order: int) -> None:
    verdict = classify([answer("mild", sexual=0.2), answer("sure", sexual=0.9)][::order], [], POLICY)
    assert verdict.outcome.decision is Decision.BLOCK
    (reason,) = verdict.outcome.reasons
    assert (reason.rule, reason.box) == ("model:sure", Box(0, 0, 1, 1))
    assert verdict.scores[Category.SEXUAL] == 0.9


def test_a_configured_model_that_fails_is_absent_and_its_fail_mode_applies() -> None:
    failure = ModelFailure("one", frozenset({Category.SEXUAL_MINORS}), AbsenceCause.FAILED, "Broken")
    verdict = classify([answer("two", sexual=0.0)], [failure], POLICY)
    assert verdict.outcome.decision is Decision.BLOCK
    assert verdict.outcome.absent[0].detector == "one"
    assert [reason.rule for reason in verdict.outcome.reasons] == ["absent:sexual_minors"]


def test_a_failure_that_another_model_covers_does_not_bite() -> None:
    verdict = classify(
        [answer("two", sexual=0.0)], [ModelFailure("one", SEXUAL, AbsenceCause.TIMEOUT)], POLICY
    )
    assert verdict.outcome.decision is Decision.ALLOW
    assert verdict.outcome.absent[0].cause is AbsenceCause.TIMEOUT


def test_an_unreadable_picture_fails_by_policy() -> None:
    verdict = unreadable("CORRUPT_IMAGE", POLICY)
    assert verdict.outcome.decision is Decision.BLOCK
    assert verdict.outcome.absent[0].detail == "CORRUPT_IMAGE"
    assert all(reason.rule.startswith("absent:") for reason in verdict.outcome.reasons)


def test_the_shipped_policies_differ_only_in_what_absence_means() -> None:
    assert POLICY.categories == STRICT.categories
    assert POLICY.version != STRICT.version
    assert POLICY.uncovered is not STRICT.uncovered
