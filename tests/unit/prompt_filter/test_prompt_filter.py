"""The filter as a whole: verdicts with places, determinism, limits, what the classifier is asked."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.signals import Span
from services.contracts.vocabulary import AbsenceCause, Category, Decision
from services.prompt_filter.classifier_port import Answer
from services.prompt_filter.filter import PromptTooLongError
from services.prompt_filter.messages import verdict_to_proto
from services.prompt_filter.prompt import Prompt, PromptVerdict
from tests.unit.prompt_filter.placeholders import (
    EXPLICIT,
    MINOR,
    PERSON,
    SUGGESTIVE,
    UNDRESS,
    VULGAR,
    policy,
    prompt_filter,
)

PIECES = [
    EXPLICIT,
    "b10rvick",
    SUGGESTIVE,
    MINOR,
    PERSON,
    UNDRESS,
    "lake",
    "no",
    "12 year old",
    "\u200b",
    "(",
    ":1.2)",
]
PROMPTS = st.lists(st.sampled_from(PIECES)).map(" ".join) | st.text(max_size=80)


class Steady:
    """A classifier that answers every text the same and keeps what it was asked."""

    version = "steady"

    def __init__(self, sexual: float = 0.01, harm: float | None = None) -> None:
        self.sexual = sexual
        self.harm = harm
        self.asked: list[str] = []
        self.settled: list[str] = []

    def score(self, texts: Sequence[str], settled: Collection[int] = ()) -> list[Answer]:
        self.asked.extend(texts)
        self.settled = [texts[number] for number in settled]
        return [Answer({Category.SEXUAL: self.sexual}, self.harm) for _ in texts]


def check(text: str) -> PromptVerdict:
    return prompt_filter().check(Prompt("p", text))


def wire(verdict: PromptVerdict) -> bytes:
    return verdict_to_proto(verdict, "acme").SerializeToString(deterministic=True)


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("a calm lake at night", Decision.ALLOW),
        ("", Decision.ALLOW),
        (f"a {SUGGESTIVE} lake", Decision.LABEL),
        (f"a {VULGAR} lake", Decision.REVIEW),
        (f"a {EXPLICIT} lake", Decision.BLOCK),
        (f"{MINOR} at the lake", Decision.ALLOW),
        (f"{MINOR} {SUGGESTIVE}", Decision.BLOCK),
        (f"{PERSON} {UNDRESS}", Decision.BLOCK),
        (f"a calm lake, no {EXPLICIT}", Decision.ALLOW),
        (f"a calm lake\nNegative prompt: {EXPLICIT}", Decision.ALLOW),
        (f'a sign that says "{EXPLICIT}"', Decision.LABEL),
    ],
)
def test_decisions(text: str, decision: Decision) -> None:
    assert check(text).outcome.decision is decision


@pytest.mark.parametrize(
    "written",
    [EXPLICIT, "BLORVICK", "b10rvick", "blor\u200bvick", "<b>b</b>lorvick", "𝐛𝐥𝐨𝐫𝐯𝐢𝐜𝐤", "b l o r v i c k"],
)
def test_the_reason_points_into_the_original(written: str) -> None:
    text = f"ﬃ ① lake, {written} at night"
    reason = check(text).outcome.reasons[0]
    assert reason.span is not None
    marked = text[reason.span.start : reason.span.end]
    assert marked in written
    assert len(marked) >= len(written) - len("<b>")


def test_no_reason_holds_the_term() -> None:
    assert all(EXPLICIT not in reason.rule for reason in check(EXPLICIT).outcome.reasons)


@given(st.lists(PROMPTS, min_size=1, max_size=5))
def test_a_replay_is_byte_identical(texts: list[str]) -> None:
    prompts = [Prompt(str(number), text) for number, text in enumerate(texts)]
    together = [wire(verdict) for verdict in prompt_filter().check_all(prompts)]
    apart = [wire(prompt_filter().check(prompt)) for prompt in prompts]
    worn = [wire(WORN.check(prompt)) for prompt in reversed(prompts)]
    assert together == apart == worn[::-1] == [wire(verdict) for verdict in WORN.check_all(prompts)]


WORN = prompt_filter()


@given(PROMPTS)
def test_every_reason_lies_in_the_text(text: str) -> None:
    for reason in WORN.check(Prompt("p", text)).outcome.reasons:
        assert reason.span is None or 0 <= reason.span.start <= reason.span.end <= len(text)


def test_a_prompt_at_the_limit_is_judged_and_one_past_it_refused() -> None:
    small = prompt_filter(max_characters=100)
    assert small.check(Prompt("p", "a" * 100)).outcome.decision is Decision.ALLOW
    with pytest.raises(PromptTooLongError) as refused:
        small.check(Prompt("p", "a" * 101))
    assert refused.value.code == "TEXT_TOO_LONG"


def test_the_negative_text_counts_towards_the_limit() -> None:
    with pytest.raises(PromptTooLongError):
        prompt_filter(max_characters=100).check(Prompt("p", "a" * 60, "b" * 60))


def test_what_stands_last_in_a_long_prompt_is_seen() -> None:
    words = random.Random(3).choices(["lake", "house", "garden", "wall"], k=3200)
    text = f"{' '.join(words)} {EXPLICIT}"
    assert 15_000 < len(text) < 20_000
    assert check(text).outcome.decision is Decision.BLOCK


def test_without_a_classifier_its_signal_is_absent() -> None:
    (absent,) = check("lake").outcome.absent
    assert absent.cause is AbsenceCause.NOT_CONFIGURED


def test_the_classifier_decides_what_no_list_knows() -> None:
    text = "the lake by the old house in the garden"
    assert prompt_filter(classifier=Steady(0.95)).check(Prompt("p", text)).outcome.decision is Decision.BLOCK
    assert prompt_filter(classifier=Steady(0.6)).check(Prompt("p", text)).outcome.decision is Decision.REVIEW
    assert prompt_filter(classifier=Steady()).check(Prompt("p", text)).outcome.absent == ()


def test_the_classifier_is_asked_once_for_a_batch_and_not_about_negative_prompts() -> None:
    classifier = Steady()
    filtering = prompt_filter(classifier=classifier)
    filtering.check_all(
        [Prompt("1", "a lake"), Prompt("2", "a house\nnegative prompt: wall"), Prompt("3", "a lake")]
    )
    assert len(classifier.asked) == 2
    assert not any("wall" in text for text in classifier.asked)


def test_the_classifier_reads_what_a_disguise_hides() -> None:
    classifier = Steady()
    prompt_filter(classifier=classifier).check(Prompt("p", "a b10rv1ck lake"))
    assert classifier.asked == [f"a {EXPLICIT} lake"]


def test_a_reference_face_changes_what_is_sought() -> None:
    filtering = prompt_filter()
    alone = filtering.check(Prompt("p", UNDRESS))
    with_face = filtering.check(Prompt("p", UNDRESS, has_reference_face=True))
    assert alone.outcome.decision < Decision.BLOCK
    assert with_face.outcome.decision is Decision.BLOCK


@pytest.mark.parametrize(("said", "told"), [(None, 0.3), (0.2, 0.3), (0.4, 0.4)])
def test_harm_is_what_the_classifier_says_and_no_less_than_any_score(said: float | None, told: float) -> None:
    verdict = prompt_filter(classifier=Steady(sexual=0.3, harm=said)).check(
        Prompt("p", "a boat on a calm lake")
    )
    assert (verdict.harm, max(verdict.scores.values())) == (told, 0.3)


def test_rules_raise_harm_with_their_category() -> None:
    verdict = prompt_filter().check(Prompt("p", f"a {MINOR}, {EXPLICIT}"))
    assert verdict.harm == verdict.scores[Category.SEXUAL_MINORS] > 0.5


def test_what_is_almost_certainly_harmful_goes_to_review() -> None:
    certain = prompt_filter(classifier=Steady(harm=policy().harm_from))
    doubtful = prompt_filter(classifier=Steady(harm=policy().harm_from - 0.01))
    prompt = Prompt("p", "a calm lake at night")
    outcome = certain.check(prompt).outcome
    assert outcome.decision is Decision.REVIEW
    assert [(reason.rule, reason.span) for reason in outcome.reasons] == [("any-harm:model", Span(0, 20))]
    assert doubtful.check(prompt).outcome.decision is Decision.ALLOW


def test_the_classifier_is_told_what_rules_have_blocked() -> None:
    classifier = Steady()
    texts = ["a calm lake", f"a {EXPLICIT} lake", f"a {VULGAR} lake", f"{MINOR} {SUGGESTIVE}"]
    prompt_filter(classifier=classifier).check_all([Prompt(str(n), text) for n, text in enumerate(texts)])
    assert classifier.settled == [texts[1], texts[3]]
