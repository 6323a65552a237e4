"""Redress: who may appeal and decide, and that an overturned violation stays overturned."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.clock import ManualClock
from services.chassis.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    PalisadeError,
    PermissionDeniedError,
)
from services.contracts.vocabulary import AppealOutcome, EventKind, Feature, StandingLevel
from services.enforcement.enforcement import Enforcement, Recorded
from tests.unit.enforcement.builders import ACCOUNT, DAY, NOW, enforcement_in_memory, violation

OVERTURNED, UPHELD = AppealOutcome.OVERTURNED, AppealOutcome.UPHELD


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def enforcement(clock: ManualClock) -> Enforcement:
    """An account suspended for two violations."""
    made = await enforcement_in_memory(clock)
    await made.record(violation(1, actor="Ann"))
    await made.record(violation(2))
    return made


async def _appeal(enforcement: Enforcement, event_id: str = "event-1", statement: str = "why") -> str:
    return (await enforcement.appeal(ACCOUNT, event_id, statement)).event.event_id


async def _resolve(
    enforcement: Enforcement, appeal: str, outcome: AppealOutcome = OVERTURNED, moderator: str = "Robin"
) -> Recorded:
    return await enforcement.resolve(ACCOUNT, appeal, outcome, moderator=moderator)


async def test_overturning_voids_and_standing_recomputes_at_once(enforcement: Enforcement) -> None:
    assert not (await enforcement.check_access(ACCOUNT, Feature.GENERATE)).allowed
    resolved = await _resolve(enforcement, await _appeal(enforcement))
    assert resolved.standing.level is StandingLevel.WARNED
    assert (await enforcement.check_access(ACCOUNT, Feature.GENERATE)).allowed
    kinds = [event.kind for event in (await enforcement.events(ACCOUNT)).events]
    assert kinds == [
        EventKind.VIOLATION,
        EventKind.VIOLATION,
        EventKind.APPEAL_FILED,
        EventKind.APPEAL_OVERTURNED,
        EventKind.VOID,
    ]


async def test_upholding_is_recorded_and_changes_nothing(enforcement: Enforcement) -> None:
    before = await enforcement.standing(ACCOUNT)
    resolved = await _resolve(enforcement, await _appeal(enforcement), UPHELD)
    assert (resolved.event.kind, resolved.event.actor) == (EventKind.APPEAL_UPHELD, "Robin")
    assert resolved.standing.restrictions == before.restrictions


async def test_replay_of_everything_after_an_overturn_strikes_nobody_again(enforcement: Enforcement) -> None:
    await _resolve(enforcement, await _appeal(enforcement))
    before = await enforcement.standing(ACCOUNT)
    await enforcement.record(violation(1, actor="Ann"))
    await enforcement.record(violation(2))
    await enforcement.record(violation(3, item="item-1"))
    after = await enforcement.standing(ACCOUNT)
    assert (after.level, after.points) == (before.level, before.points)


async def test_an_appeal_is_the_accounts_own(enforcement: Enforcement) -> None:
    with pytest.raises(NotFoundError):
        await enforcement.appeal("account-2", "event-1", "not mine")
    with pytest.raises(NotFoundError):
        await enforcement.of("another-platform").appeal(ACCOUNT, "event-1", "not theirs")


async def test_one_appeal_is_open_at_a_time(enforcement: Enforcement) -> None:
    first = await _appeal(enforcement)
    with pytest.raises(ConflictError) as refused:
        await _appeal(enforcement, statement="and another thing")
    assert refused.value.code == "APPEAL_OPEN"
    assert await _appeal(enforcement, "event-2") != first


async def test_the_same_appeal_again_is_the_same_appeal(enforcement: Enforcement) -> None:
    first = await _appeal(enforcement)
    again = await enforcement.appeal(ACCOUNT, "event-1", "why")
    assert (again.event.event_id, again.duplicate) == (first, True)


async def test_an_upheld_violation_may_be_appealed_once_more_before_someone_else(
    enforcement: Enforcement,
) -> None:
    await _resolve(enforcement, await _appeal(enforcement), UPHELD)
    second = await _appeal(enforcement, statement="new evidence")
    with pytest.raises(PermissionDeniedError):
        await _resolve(enforcement, second, moderator="Robin")
    await _resolve(enforcement, second, UPHELD, moderator="Sam")
    with pytest.raises(ConflictError) as refused:
        await _appeal(enforcement, statement="a third time")
    assert refused.value.code == "APPEALS_EXHAUSTED"


async def test_appeals_are_open_for_half_a_year(enforcement: Enforcement, clock: ManualClock) -> None:
    await clock.advance(184 * DAY - 1)
    await _appeal(enforcement)
    await clock.advance(1)
    with pytest.raises(ConflictError) as refused:
        await _appeal(enforcement, "event-2")
    assert refused.value.code == "APPEAL_TOO_LATE"


async def test_what_counts_for_nothing_cannot_be_appealed(enforcement: Enforcement) -> None:
    await _resolve(enforcement, await _appeal(enforcement))
    with pytest.raises(ConflictError) as refused:
        await _appeal(enforcement, statement="again")
    assert refused.value.code == "ALREADY_VOID"


@pytest.mark.parametrize("moderator", ["Ann", "ANN", " Ann ", ACCOUNT])
async def test_whoever_decided_first_or_is_concerned_does_not_decide_the_appeal(
    enforcement: Enforcement, moderator: str
) -> None:
    appeal = await _appeal(enforcement)
    with pytest.raises(PermissionDeniedError) as refused:
        await _resolve(enforcement, appeal, moderator=moderator)
    assert refused.value.code == "SAME_DECIDER"


@pytest.mark.parametrize("moderator", ["", "   "])
async def test_an_appeal_is_decided_by_a_named_person(enforcement: Enforcement, moderator: str) -> None:
    appeal = await _appeal(enforcement)
    with pytest.raises(InvalidInputError) as refused:
        await _resolve(enforcement, appeal, moderator=moderator)
    assert refused.value.code == "MISSING_MODERATOR"


async def test_the_same_ruling_again_answers_the_first_result(
    enforcement: Enforcement, clock: ManualClock
) -> None:
    appeal = await _appeal(enforcement)
    first = await _resolve(enforcement, appeal)
    await enforcement.record(violation(3))
    await clock.advance(DAY)
    again = await _resolve(enforcement, appeal)
    assert again.duplicate
    assert (again.event, again.standing) == (first.event, first.standing)


@pytest.mark.parametrize("other", [{"outcome": UPHELD}, {"moderator": "Sam"}])
async def test_a_ruling_is_not_changed(enforcement: Enforcement, other: dict[str, Any]) -> None:
    appeal = await _appeal(enforcement)
    await _resolve(enforcement, appeal)
    with pytest.raises(ConflictError) as refused:
        await _resolve(enforcement, appeal, **other)
    assert refused.value.code == "ALREADY_RESOLVED"


@pytest.mark.parametrize("unknown", ["event-1", "no-such-id"])
async def test_only_an_appeal_is_resolved(enforcement: Enforcement, unknown: str) -> None:
    with pytest.raises(NotFoundError):
        await _resolve(enforcement, unknown)


@pytest.mark.parametrize("unknown", ["no-such-id", "the-appeal"])
async def test_only_a_violation_is_appealed(enforcement: Enforcement, unknown: str) -> None:
    appeal = await _appeal(enforcement)
    target = appeal if unknown == "the-appeal" else unknown
    with pytest.raises(PalisadeError) as refused:
        await _appeal(enforcement, target)
    assert refused.value.code == "NO_SUCH_VIOLATION"
