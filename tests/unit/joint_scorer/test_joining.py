"""Halves in any order, twice, late, or never."""

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.vocabulary import AbsenceCause, Decision
from services.joint_scorer.adapters.records import from_text, to_text
from services.joint_scorer.combine import combine
from services.joint_scorer.half import Channel
from services.joint_scorer.joining import Arrival, Generation, arrive, expire, stated
from tests.unit.joint_scorer.evidence import HALVES, POLICY, arrival, half, image, prompt

ARRIVALS = st.lists(st.builds(arrival, st.sampled_from(list(Channel)), HALVES), min_size=1, max_size=6)


def after(*arrivals: Arrival) -> Generation:
    generation: Generation | None = None
    for each in arrivals:
        generation = arrive(generation, each, POLICY)
    assert generation is not None
    return generation


def test_one_benign_half_waits() -> None:
    waiting = after(prompt(half(sexual=0.1)))
    assert waiting.verdict is None
    assert waiting.due == 1000.0 + POLICY.timeout_seconds


def test_either_order_gives_the_same_verdict() -> None:
    one, other = prompt(half(sexual=0.6)), image(half(sexual=0.6))
    assert after(one, other).verdict == after(other, one).verdict
    assert after(one, other).verdict == combine(one.half, other.half, POLICY)


def test_a_half_that_blocks_by_itself_waits_for_nothing() -> None:
    decided = after(prompt(half(sexual_minors=0.9)))
    assert decided.verdict is not None
    assert decided.verdict.outcome.decision is Decision.BLOCK
    assert decided.unstated


def test_a_repeated_half_changes_nothing() -> None:
    once = after(prompt(half(sexual=0.1)), image(half(sexual=0.1)))
    assert arrive(once, prompt(half(sexual=0.1), at=2000.0), POLICY) is once


def test_time_decides_without_the_half_that_is_missing() -> None:
    waiting = after(prompt(half(sexual=0.4)))
    assert expire(waiting, waiting.due - 0.001, POLICY) is waiting
    decided = expire(waiting, waiting.due, POLICY)
    assert decided.verdict is not None
    assert decided.verdict.outcome.absent[0].cause is AbsenceCause.MISSING_INPUT
    assert (decided.decided_at, decided.revision) == (waiting.due, 1)
    assert expire(decided, waiting.due + 1, POLICY) is decided


def test_a_late_half_supersedes_only_where_it_is_graver() -> None:
    first = expire(after(prompt(half(sexual=0.1))), 9999.0, POLICY)
    mild = arrive(first, image(half(sexual=0.1), at=10_000.0), POLICY)
    assert (mild.verdict, mild.revision) == (first.verdict, 1)
    grave = arrive(first, image(half(sexual=0.99), at=10_000.0), POLICY)
    assert grave.verdict is not None
    assert grave.verdict.outcome.decision is Decision.BLOCK
    assert grave.revision == 2


def test_a_worse_picture_of_the_same_generation_counts() -> None:
    first = stated(after(prompt(half(sexual=0.1)), image(half(sexual=0.1))))
    worse = arrive(first, image(half(graphic_violence=0.9)), POLICY)
    assert worse.unstated
    assert worse.revision == 2


def test_an_item_of_no_generation_is_decided_alone() -> None:
    alone = after(arrival(Channel.PROMPT, half(sexual=0.1), generation=""))
    assert alone.verdict is not None
    assert alone.alone
    assert alone.item == "prompt-1"
    assert alone.key.name == "prompt/prompt-1"


@given(ARRIVALS)
def test_verdicts_only_ever_get_graver(arrivals: list[Arrival]) -> None:
    generation: Generation | None = None
    for each in arrivals:
        before, generation = generation, arrive(generation, each, POLICY)
        if before is None or before.verdict is None:
            continue
        assert generation.verdict is not None
        risen = generation.verdict.outcome.decision > before.verdict.outcome.decision
        assert generation.revision - before.revision == int(risen)


@given(ARRIVALS)
def test_a_generation_survives_being_written_down(arrivals: list[Arrival]) -> None:
    generation = expire(after(*arrivals), 5000.0, POLICY)
    assert from_text(generation.key, generation.version, to_text(generation)) == generation
