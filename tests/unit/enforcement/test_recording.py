"""Recording: once, under one id, and only what is fit to be recorded."""

from __future__ import annotations

import math
from typing import Any

import pytest

from services.chassis.clock import ManualClock
from services.chassis.errors import ConflictError, InvalidInputError, TooLargeError
from services.contracts.vocabulary import Category, Decision, Severity, StandingLevel
from services.enforcement.enforcement import Enforcement
from tests.unit.enforcement.builders import ACCOUNT, DAY, NOW, enforcement_in_memory, violation


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def enforcement(clock: ManualClock) -> Enforcement:
    return await enforcement_in_memory(clock)


async def test_a_violation_is_recorded_with_the_standing_that_follows(enforcement: Enforcement) -> None:
    recorded = await enforcement.record(violation(1))
    assert (recorded.event.sequence, recorded.event.policy_version) == (1, "v1")
    assert (recorded.standing.level, recorded.duplicate) == (StandingLevel.WARNED, False)


async def test_the_same_id_again_answers_the_first_result(
    enforcement: Enforcement, clock: ManualClock
) -> None:
    first = await enforcement.record(violation(1))
    await enforcement.record(violation(2))
    await clock.advance(5 * DAY)
    again = await enforcement.record(violation(1))
    assert again.duplicate
    assert (again.event, again.standing) == (first.event, first.standing)
    assert (await enforcement.standing(ACCOUNT)).sequence == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"item": "another"},
        {"category": Category.SEXUAL},
        {"severity": Severity.LOW},
        {"decision": Decision.REVIEW},
        {"occurred_at": NOW - 1},
        {"account": "account-2"},
    ],
)
async def test_the_same_id_with_other_content_is_refused(
    enforcement: Enforcement, changes: dict[str, Any]
) -> None:
    await enforcement.record(violation(1))
    with pytest.raises(ConflictError) as refused:
        await enforcement.record(violation(1, **changes))
    assert refused.value.code == "EVENT_ID_REUSED"


async def test_an_id_of_another_tenant_is_free(enforcement: Enforcement) -> None:
    await enforcement.record(violation(1))
    elsewhere = enforcement.of("another-platform")
    assert not (await elsewhere.record(violation(1, item="another"))).duplicate
    assert (await elsewhere.standing(ACCOUNT)).points == 3


async def test_an_appeals_id_cannot_be_taken_for_a_violation(enforcement: Enforcement) -> None:
    await enforcement.record(violation(1))
    appeal = await enforcement.appeal(ACCOUNT, "event-1", "")
    with pytest.raises(ConflictError):
        await enforcement.record(violation(1, event_id=appeal.event.event_id))


async def test_a_restated_fact_may_carry_another_time(enforcement: Enforcement) -> None:
    await enforcement.record(violation(1, restated=True))
    again = await enforcement.record(violation(1, restated=True, occurred_at=NOW - 60))
    assert again.duplicate
    assert again.event.occurred_at == NOW


async def test_without_an_id_the_facts_are_the_id(enforcement: Enforcement) -> None:
    first = await enforcement.record(violation(1, event_id=""))
    assert (await enforcement.record(violation(1, event_id=""))).duplicate
    other = await enforcement.record(violation(1, event_id="", severity=Severity.LOW))
    assert not other.duplicate
    assert other.event.event_id != first.event.event_id


async def test_without_a_time_it_happened_when_it_was_recorded(
    enforcement: Enforcement, clock: ManualClock
) -> None:
    recorded = await enforcement.record(violation(1, occurred_at=None))
    assert recorded.event.occurred_at == recorded.event.recorded_at == NOW
    await clock.advance(60)
    assert (await enforcement.record(violation(1, occurred_at=None))).duplicate


async def test_no_event_is_recorded_before_the_one_it_follows() -> None:
    ahead, behind = ManualClock(NOW + 100), ManualClock(NOW)
    one = await enforcement_in_memory(ahead)
    await one.record(violation(1))
    from_behind = one.__class__(**{**_fields(one), "clock": behind})
    assert (await from_behind.record(violation(2))).event.recorded_at == NOW + 100


def _fields(enforcement: Enforcement) -> dict[str, Any]:
    return {name: getattr(enforcement, name) for name in enforcement.__slots__}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"account": ""}, "MISSING_ACCOUNT"),
        ({"item": ""}, "MISSING_ITEM"),
        ({"account": "a" * 201}, "ACCOUNT_TOO_LONG"),
        ({"item": "i" * 201}, "ITEM_TOO_LONG"),
        ({"event_id": "e" * 201}, "EVENT_ID_TOO_LONG"),
        ({"account": "a\x00b"}, "INVALID_ACCOUNT"),
        ({"item": "line\nbreak"}, "INVALID_ITEM"),
        ({"item": "\ud800"}, "INVALID_ITEM"),
        ({"occurred_at": math.nan}, "INVALID_OCCURRED_AT"),
        ({"occurred_at": -1.0}, "INVALID_OCCURRED_AT"),
        ({"occurred_at": NOW + 301}, "OCCURRED_IN_FUTURE"),
    ],
)
async def test_what_is_unfit_is_refused_by_name_and_leaves_no_trace(
    enforcement: Enforcement, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await enforcement.record(violation(1, **changes))
    assert refused.value.code == code
    assert (await enforcement.events(ACCOUNT)).events == ()


async def test_limits_are_exact(enforcement: Enforcement) -> None:
    longest = violation(1, item="i" * 200, event_id="e" * 200, occurred_at=NOW + 300)
    assert (await enforcement.record(longest)).event.item == "i" * 200


async def test_events_come_in_pages(enforcement: Enforcement) -> None:
    for number in range(1, 6):
        await enforcement.record(violation(number))
    first = await enforcement.events(ACCOUNT, page_size=2)
    assert ([event.sequence for event in first.events], first.next_after_sequence) == ([1, 2], 2)
    middle = await enforcement.events(ACCOUNT, page_size=2, after_sequence=2)
    last = await enforcement.events(ACCOUNT, page_size=2, after_sequence=middle.next_after_sequence)
    assert ([event.sequence for event in last.events], last.next_after_sequence) == ([5], 0)
    assert (await enforcement.events(ACCOUNT, page_size=5)).next_after_sequence == 0


@pytest.mark.parametrize("page_size", [-1, 501])
async def test_a_page_has_limits(enforcement: Enforcement, page_size: int) -> None:
    with pytest.raises(InvalidInputError):
        await enforcement.events(ACCOUNT, page_size=page_size)


async def test_a_statement_has_limits(enforcement: Enforcement) -> None:
    await enforcement.record(violation(1))
    with pytest.raises(TooLargeError):
        await enforcement.appeal(ACCOUNT, "event-1", "x" * 5_001)
    assert (await enforcement.appeal(ACCOUNT, "event-1", "x" * 5_000)).event.statement == "x" * 5_000
