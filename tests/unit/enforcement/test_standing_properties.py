"""Standing under any facts in any order, against the plain model."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.clock import ManualClock
from services.contracts.vocabulary import AppealOutcome, Decision, Severity
from services.enforcement.events import AccountEvent, Violation
from services.enforcement.history import History
from services.enforcement.standing import Standing, standing
from tests.unit.enforcement.builders import (
    ACCOUNT,
    DAY,
    NOW,
    enforcement_in_memory,
    ladders,
    record_all,
    recorded,
    violation,
    void_of,
)
from tests.unit.enforcement.model import expected

SEEDS = 400

_moments = st.integers(0, 60).map(lambda days: NOW + days * DAY) | st.integers(0, 120 * 86_400).map(
    lambda seconds: NOW + seconds
)
_facts = st.lists(
    st.tuples(
        _moments,
        st.sampled_from(Severity),
        st.sampled_from([Decision.BLOCK, Decision.BLOCK, Decision.REVIEW]),
        st.integers(1, 6),
    ),
    max_size=12,
)


def _events(facts: list[tuple[float, Severity, Decision, int]]) -> list[AccountEvent]:
    return [
        recorded(n, occurred_at=at, severity=severity, decision=decision, item=f"item-{item}")
        for n, (at, severity, decision, item) in enumerate(facts, start=1)
    ]


def _delivered(events: list[AccountEvent], order: list[int]) -> History:
    """The same facts as another order of delivery would have recorded them."""
    numbered = zip(order, range(1, len(events) + 1), strict=True)
    return History([_renumbered(events[index], sequence) for index, sequence in numbered])


def _renumbered(event: AccountEvent, sequence: int) -> AccountEvent:
    return recorded(
        sequence,
        event_id=event.event_id,
        occurred_at=event.occurred_at,
        severity=event.severity,
        decision=event.decision,
        item=event.item,
    )


def _says(found: Standing) -> tuple[object, ...]:
    return (found.level, found.points, found.restrictions, frozenset(found.reasons))


@given(facts=_facts, now=_moments, shuffle=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_the_order_of_delivery_changes_nothing(
    facts: list[tuple[float, Severity, Decision, int]], now: float, shuffle: random.Random
) -> None:
    events = _events(facts)
    order = list(range(len(events)))
    shuffle.shuffle(order)
    straight = standing(ACCOUNT, History(events), ladders(), now)
    assert _says(standing(ACCOUNT, _delivered(events, order), ladders(), now)) == _says(straight)


@given(facts=_facts, now=_moments, which=st.integers(0, 11))
@settings(deadline=None, max_examples=200)
def test_a_void_removes_exactly_the_effect_of_its_item(
    facts: list[tuple[float, Severity, Decision, int]], now: float, which: int
) -> None:
    events = _events(facts)
    if not events:
        return
    overturned = events[which % len(events)]
    without = [event for event in events if event.item != overturned.item]
    voided = History([*events, void_of(overturned, len(events) + 1)])
    assert _says(standing(ACCOUNT, voided, ladders(), now)) == _says(
        standing(ACCOUNT, History(without), ladders(), now)
    )


@given(facts=_facts, now=_moments)
@settings(deadline=None, max_examples=200)
def test_no_restriction_outlives_its_end_and_time_alone_makes_nothing_worse(
    facts: list[tuple[float, Severity, Decision, int]], now: float
) -> None:
    events = History(_events(facts))
    found = standing(ACCOUNT, events, ladders(), now)
    for restriction in found.restrictions:
        assert restriction.until is not None
        assert restriction.until > now
        later = standing(ACCOUNT, events, ladders(), restriction.until)
        assert restriction not in later.restrictions
        assert later.level <= found.level


async def test_duplicated_reordered_and_overturned_facts_stand_as_the_model_says() -> None:
    for seed in range(SEEDS):
        rng = random.Random(seed)
        clock = ManualClock(NOW + 90 * DAY)
        enforcement = await enforcement_in_memory(clock)
        stated = random_violations(rng)
        deliveries = stated + rng.choices(stated, k=len(stated))
        rng.shuffle(deliveries)
        await record_all(enforcement, deliveries)
        cleared = {overturned.item for overturned in rng.sample(stated, k=len(stated) // 4)}
        for fact in stated:
            if fact.item in cleared:
                appeal = await enforcement.appeal(ACCOUNT, fact.event_id, "not what it seems")
                await enforcement.resolve(
                    ACCOUNT, appeal.event.event_id, AppealOutcome.OVERTURNED, moderator="Robin"
                )
        rng.shuffle(deliveries)
        await record_all(enforcement, deliveries)
        found = await enforcement.standing(ACCOUNT)
        model = expected(stated, cleared, clock.now())
        assert (found.level, found.points) == (model.level, model.points), f"seed {seed}"
        assert {r.kind: r.until for r in found.restrictions} == model.until, f"seed {seed}"
        assert found.sequence == len(stated) + 3 * len(cleared), f"seed {seed}"


def random_violations(rng: random.Random) -> list[Violation]:
    """Some months of one account's violations."""
    return [
        violation(
            number,
            occurred_at=NOW + rng.randrange(90 * 86_400),
            severity=rng.choice(list(Severity)),
            decision=rng.choice([Decision.BLOCK, Decision.BLOCK, Decision.REVIEW]),
        )
        for number in range(1, rng.randrange(2, 14))
    ]
