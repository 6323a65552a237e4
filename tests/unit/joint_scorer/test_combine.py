"""The combiner: monotone, floored, never diluted, and honest about what was missing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import InvalidInputError
from services.chassis.signals import AbsentSignal, Reason, Span
from services.contracts.vocabulary import AbsenceCause, Category, Decision, Severity
from services.joint_scorer.combine import combine
from services.joint_scorer.half import Channel, Half, merged
from services.joint_scorer.local import LocalJointScorer
from services.joint_scorer.policy import JointPolicy
from tests.unit.joint_scorer.evidence import ALL, HALVES, POLICY, half

MAYBE = st.none() | HALVES


def decide(prompt: Half | None, image: Half | None) -> Decision:
    return combine(prompt, image, POLICY).outcome.decision


def raised(content: Half, category: Category, score: float) -> Half:
    scores = {**content.scores, category: max(score, content.scores.get(category, 0.0))}
    return Half(scores, content.decision)


@given(HALVES, MAYBE, ALL, st.floats(0, 1))
def test_a_graver_prompt_never_leads_to_a_milder_decision(
    prompt: Half, image: Half | None, category: Category, score: float
) -> None:
    graver = raised(prompt, category, score)
    assert decide(graver, image) >= decide(prompt, image)
    before, after = combine(prompt, image, POLICY).scores, combine(graver, image, POLICY).scores
    assert all(after[each] >= before[each] for each in before)


@given(MAYBE, HALVES, ALL, st.floats(0, 1))
def test_a_graver_image_never_leads_to_a_milder_decision(
    prompt: Half | None, image: Half, category: Category, score: float
) -> None:
    graver = raised(image, category, score)
    assert decide(prompt, graver) >= decide(prompt, image)
    before, after = combine(prompt, image, POLICY).scores, combine(prompt, graver, POLICY).scores
    assert all(after[each] >= before[each] for each in before)


@given(HALVES, HALVES)
def test_no_half_is_ever_diluted_by_the_other(prompt: Half, image: Half) -> None:
    assert decide(prompt, image) >= max(decide(prompt, None), decide(None, image))


@given(HALVES, st.dictionaries(ALL, st.just(0.0)))
def test_a_benign_prompt_decides_as_no_prompt_does(image: Half, nothing: dict[Category, float]) -> None:
    assert decide(Half(nothing, Decision.ALLOW), image) is decide(None, image)


@given(MAYBE, MAYBE)
def test_a_half_s_own_decision_is_a_floor(prompt: Half | None, image: Half | None) -> None:
    if prompt is None and image is None:
        return
    decided = combine(prompt, image, POLICY)
    own = [each.decision for each in (prompt, image) if each is not None and each.decision is not None]
    assert decided.outcome.decision >= max(own, default=Decision.ALLOW)


@given(HALVES, MAYBE)
def test_every_decision_to_act_has_a_reason(prompt: Half, image: Half | None) -> None:
    outcome = combine(prompt, image, POLICY).outcome
    assert bool(outcome.reasons) == (outcome.decision > Decision.ALLOW)
    assert len(set(outcome.reasons)) == len(outcome.reasons)


@pytest.mark.parametrize("category", list(Category))
def test_either_channel_alone_blocks_above_its_line(category: Category) -> None:
    for lines, channel in ((POLICY.prompt_block, Channel.PROMPT), (POLICY.image_block, Channel.IMAGE)):
        over = Half({category: lines[category]})
        pair = (over, Half({category: 0.0})) if channel is Channel.PROMPT else (half(violence=0.0), over)
        outcome = combine(*pair, POLICY).outcome
        assert outcome.decision is Decision.BLOCK
        assert f"floor:{channel}" in {reason.rule for reason in outcome.reasons}
        under = Half({category: lines[category] - 0.01})
        alone = (under, None) if channel is Channel.PROMPT else (None, under)
        assert decide(*alone) < Decision.BLOCK


def test_two_weak_channels_are_stronger_together() -> None:
    prompt, image = half(sexual=0.3), half(sexual=0.6)
    together = combine(prompt, image, POLICY).scores[Category.SEXUAL]
    assert together == pytest.approx(1 - 0.4 * 0.85)
    assert decide(prompt, image) > max(decide(prompt, None), decide(None, image))


def test_channels_that_disagree_go_to_a_person() -> None:
    outcome = combine(half(sexual=0.05), half(sexual=0.82), POLICY).outcome
    assert outcome.decision is Decision.REVIEW
    assert [reason.rule for reason in outcome.reasons] == ["disagreement:sexual"]
    assert decide(half(sexual=0.3), half(sexual=0.82)) is Decision.BLOCK


def test_the_picture_bears_out_what_only_the_prompt_can_say() -> None:
    prompt = half(sexual_minors=0.3)
    assert decide(prompt, half(sexual=0.0)) is Decision.REVIEW
    assert decide(prompt, half(sexual=0.7)) is Decision.BLOCK
    assert decide(half(sexual_minors=0.0), half(sexual=0.5)) is Decision.LABEL


@pytest.mark.parametrize(
    ("missing", "pair"), [("image", (half(sexual=0.1), None)), ("prompt", (None, half(sexual=0.1)))]
)
def test_a_missing_half_is_legal_and_recorded(missing: str, pair: tuple[Half | None, Half | None]) -> None:
    outcome = combine(*pair, POLICY).outcome
    assert outcome.decision is Decision.ALLOW
    assert outcome.absent == (AbsentSignal(missing, AbsenceCause.MISSING_INPUT),)


def test_what_was_absent_in_a_half_stays_on_record() -> None:
    lost = AbsentSignal("model", AbsenceCause.TIMEOUT)
    outcome = combine(half(sexual=0.1), Half(absent=(lost,)), POLICY).outcome
    assert outcome.absent == (lost,)


def test_a_half_s_reasons_are_carried_on() -> None:
    found = Reason(Category.VIOLENCE, Severity.HIGH, "lexicon:v-1", Span(3, 7))
    outcome = combine(Half({}, Decision.BLOCK, (found,)), None, POLICY).outcome
    assert outcome.reasons == (found,)


def test_a_decision_from_absence_says_so() -> None:
    lost = AbsentSignal("decoder", AbsenceCause.FAILED)
    outcome = combine(None, Half({}, Decision.BLOCK, absent=(lost,)), POLICY).outcome
    assert [reason.rule for reason in outcome.reasons] == ["absent:image"]


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        ((None, None), "NOTHING_TO_SCORE"),
        ((Half(), Half()), "NOTHING_TO_SCORE"),
        ((half(Decision.BLOCK), None), "DECISION_WITHOUT_SCORES"),
    ],
)
def test_what_cannot_be_judged_is_refused(pair: tuple[Half | None, Half | None], code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        combine(*pair, POLICY)
    assert refused.value.code == code


def test_the_same_halves_give_the_same_verdict_in_any_order_of_scores() -> None:
    one = Half({Category.SEXUAL: 0.9, Category.VIOLENCE: 0.99})
    other = Half({Category.VIOLENCE: 0.99, Category.SEXUAL: 0.9})
    assert combine(None, one, POLICY) == combine(None, other, POLICY)


@given(HALVES, HALVES)
def test_merging_keeps_the_graver(one: Half, other: Half) -> None:
    both = merged(one, other)
    assert both.scores == merged(other, one).scores
    assert merged(both, other) == both
    assert decide(None, both) >= max(decide(None, one), decide(None, other))


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt_block": {"sexual": 0.1}},
        {"interaction": 2},
        {"image_block": {"mischief": 0.9}},
        {"surplus": 1},
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        JointPolicy.model_validate({**POLICY.model_dump(), **changes})


def test_the_local_scorer_decides_alike_and_checks_scores() -> None:
    local = LocalJointScorer.open()
    assert local.score({Category.SEXUAL: 0.99}, None) == combine(half(sexual=0.99), None, POLICY)
    with pytest.raises(InvalidInputError) as refused:
        local.score(None, {Category.SEXUAL: 1.5})
    assert refused.value.code == "SCORE_OUT_OF_RANGE"
