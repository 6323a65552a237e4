"""CheckAccess: from memory, from the store, and without either."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.chassis.clock import ManualClock
from services.chassis.errors import UnavailableError
from services.contracts.vocabulary import Feature, Severity, StandingLevel
from services.enforcement.access import Access, WhenUnavailable
from services.enforcement.adapters.memory import MemoryLedger
from services.enforcement.events import AccountKey
from services.enforcement.history import History
from services.enforcement.translate import announcement
from services.enforcement.view import ViewLimits
from tests.unit.enforcement.builders import ACCOUNT, DAY, NOW, enforcement_on, violation

GENERATE, UPLOAD = Feature.GENERATE, Feature.UPLOAD


class CountingLedger(MemoryLedger):
    """Counts its reads, and fails them where it is told to."""

    def __init__(self) -> None:
        super().__init__(announcement)
        self.reads = 0
        self.away = False

    async def history(self, key: AccountKey) -> History:
        self.reads += 1
        await asyncio.sleep(0)
        if self.away:
            raise UnavailableError("away")
        return await super().history(key)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def ledger() -> CountingLedger:
    return CountingLedger()


async def test_good_standing_may_do_everything(ledger: CountingLedger, clock: ManualClock) -> None:
    enforcement = await enforcement_on(ledger, clock)
    assert await enforcement.check_access(ACCOUNT, GENERATE) == Access(True, StandingLevel.GOOD)


async def test_a_withheld_feature_is_refused_with_its_reasons_and_its_end(
    ledger: CountingLedger, clock: ManualClock
) -> None:
    enforcement = await enforcement_on(ledger, clock)
    await enforcement.record(violation(1, severity=Severity.CRITICAL))
    refused = await enforcement.check_access(ACCOUNT, GENERATE)
    assert (refused.allowed, refused.level, refused.until) == (False, StandingLevel.LIMITED, NOW + 2 * DAY)
    assert "ladder:limit" in {reason.rule for reason in refused.reasons}
    assert (await enforcement.check_access(ACCOUNT, UPLOAD)).allowed


async def test_what_this_process_records_bites_at_the_next_check(
    ledger: CountingLedger, clock: ManualClock
) -> None:
    enforcement = await enforcement_on(ledger, clock)
    assert (await enforcement.check_access(ACCOUNT, GENERATE)).allowed
    await enforcement.record(violation(1))
    await enforcement.record(violation(2))
    assert not (await enforcement.check_access(ACCOUNT, GENERATE)).allowed
    assert ledger.reads == 1


async def test_expiry_bites_to_the_second_even_from_memory(
    ledger: CountingLedger, clock: ManualClock
) -> None:
    enforcement = await enforcement_on(ledger, clock, view=ViewLimits(10, 10 * DAY, 10 * DAY))
    await enforcement.record(violation(1))
    await enforcement.record(violation(2))
    await clock.advance(DAY - 0.5)
    assert not (await enforcement.check_access(ACCOUNT, UPLOAD)).allowed
    await clock.advance(0.5)
    assert (await enforcement.check_access(ACCOUNT, UPLOAD)).allowed
    assert ledger.reads == 0


async def test_what_another_replica_records_bites_when_memory_is_no_longer_fresh(
    ledger: CountingLedger, clock: ManualClock
) -> None:
    here, there = await enforcement_on(ledger, clock), await enforcement_on(ledger, clock)
    assert (await here.check_access(ACCOUNT, GENERATE)).allowed
    await there.record(violation(1))
    await there.record(violation(2))
    await clock.advance(0.9)
    assert (await here.check_access(ACCOUNT, GENERATE)).allowed
    await clock.advance(0.1)
    assert not (await here.check_access(ACCOUNT, GENERATE)).allowed


async def test_checks_of_one_account_at_once_share_one_read(
    ledger: CountingLedger, clock: ManualClock
) -> None:
    enforcement = await enforcement_on(ledger, clock)
    await asyncio.gather(*(enforcement.check_access(ACCOUNT, GENERATE) for _ in range(20)))
    assert ledger.reads == 1


async def test_a_read_that_began_before_a_write_does_not_hide_it(
    ledger: CountingLedger, clock: ManualClock
) -> None:
    enforcement = await enforcement_on(ledger, clock)
    held = asyncio.Event()
    loading = asyncio.Event()
    read = ledger.history

    async def late(key: AccountKey) -> History:
        before = await read(key)
        loading.set()
        await held.wait()
        return before

    ledger.history = late  # type: ignore[method-assign]
    check = asyncio.create_task(enforcement.check_access(ACCOUNT, GENERATE))
    await loading.wait()
    await enforcement.record(violation(1))
    await enforcement.record(violation(2))
    held.set()
    assert not (await check).allowed
    assert not (await enforcement.check_access(ACCOUNT, GENERATE)).allowed


async def test_memory_is_bounded_and_forgets_the_least_recently_used(
    ledger: CountingLedger, clock: ManualClock
) -> None:
    enforcement = await enforcement_on(ledger, clock, view=ViewLimits(accounts=2))
    for account in ("a", "b", "a", "c", "a"):
        await enforcement.check_access(account, GENERATE)
    assert ledger.reads == 3
    await enforcement.check_access("b", GENERATE)
    assert ledger.reads == 4


async def test_without_a_store_the_last_known_events_serve_for_a_while(
    ledger: CountingLedger, clock: ManualClock
) -> None:
    enforcement = await enforcement_on(ledger, clock)
    await enforcement.check_access(ACCOUNT, GENERATE)
    ledger.away = True
    await clock.advance(59)
    assert (await enforcement.check_access(ACCOUNT, GENERATE)).level is StandingLevel.GOOD
    await clock.advance(1)
    assert (await enforcement.check_access(ACCOUNT, GENERATE)).level is None


@pytest.mark.parametrize(
    ("options", "allowed"),
    [
        ({}, {GENERATE: False, UPLOAD: True}),
        (
            {"when_unavailable": WhenUnavailable(generate=True, upload=False)},
            {GENERATE: True, UPLOAD: False},
        ),
    ],
)
async def test_cold_and_without_a_store_the_declared_answer_is_given_and_says_so(
    ledger: CountingLedger, clock: ManualClock, options: dict[str, Any], allowed: dict[Feature, bool]
) -> None:
    enforcement = await enforcement_on(ledger, clock, **options)
    ledger.away = True
    for feature in Feature:
        answer = await enforcement.check_access(ACCOUNT, feature)
        assert answer == Access(allowed[feature], level=None)


async def test_the_store_is_asked_again_as_soon_as_it_answers(
    ledger: CountingLedger, clock: ManualClock
) -> None:
    enforcement = await enforcement_on(ledger, clock)
    ledger.away = True
    await enforcement.check_access(ACCOUNT, GENERATE)
    ledger.away = False
    assert (await enforcement.check_access(ACCOUNT, GENERATE)).allowed
