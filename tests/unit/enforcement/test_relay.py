"""The relay: nothing lost, order kept per account, whatever fails."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence

import pytest

from services.chassis.clock import ManualClock
from services.chassis.errors import UnavailableError
from services.chassis.streams.publisher import MemoryPublisher, PublishError
from services.contracts.enforcement.v1 import enforcement_pb2 as pb
from services.enforcement.adapters.memory import MemoryLedger
from services.enforcement.relay import OutboxRelay, RelayLimits
from services.enforcement.translate import announcement
from tests.unit.enforcement.builders import NOW, enforcement_on, violation

ACCOUNTS = ("a", "b", "c")


class FailingPublisher(MemoryPublisher):
    """Refuses some records before they are written, and loses some acknowledgements after."""

    def __init__(self, seed: int, chance: float = 0.3) -> None:
        super().__init__()
        self.rng = random.Random(seed)
        self.chance = chance

    async def publish(
        self, topic: str, *, key: bytes | None, value: bytes, headers: Mapping[str, bytes] | None = None
    ) -> None:
        await asyncio.sleep(0)
        if self.rng.random() < self.chance:
            raise PublishError("refused")
        await super().publish(topic, key=key, value=value, headers=headers)
        if self.rng.random() < self.chance:
            raise PublishError("written, but who knows")


class ForgetfulLedger(MemoryLedger):
    """Fails to mark, as a process that dies between the acknowledgement and the mark."""

    def __init__(self) -> None:
        super().__init__(announcement)
        self.dies = True

    async def mark_published(self, positions: Sequence[int], *, now: float) -> None:
        if self.dies:
            raise UnavailableError("died")
        await super().mark_published(positions, now=now)


def sequences(publisher: MemoryPublisher) -> dict[bytes, list[int]]:
    """Sequences as they were published, by key; those published again only once."""
    found: dict[bytes, list[int]] = {}
    for record in publisher.records:
        assert record.key is not None
        sequence = pb.EnforcementEvent.FromString(record.value).event.sequence
        lane = found.setdefault(record.key, [])
        if sequence not in lane:
            lane.append(sequence)
    return found


async def filled(ledger: MemoryLedger, clock: ManualClock, count: int = 6) -> None:
    enforcement = await enforcement_on(ledger, clock)
    for number in range(1, count + 1):
        for account in ACCOUNTS:
            await enforcement.record(violation(number, account=account, event_id=f"{account}{number}"))


def relay_of(
    ledger: MemoryLedger, publisher: MemoryPublisher, clock: ManualClock, limits: RelayLimits | None = None
) -> OutboxRelay:
    return OutboxRelay(ledger, publisher, clock=clock, limits=limits or RelayLimits())


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


async def test_what_is_published_names_its_event_its_account_and_its_standing(clock: ManualClock) -> None:
    ledger, publisher = MemoryLedger(announcement), MemoryPublisher()
    await filled(ledger, clock, count=1)
    assert await relay_of(ledger, publisher, clock).publish_pending() == 3
    record = publisher.records[0]
    message = pb.EnforcementEvent.FromString(record.value)
    assert (record.topic, record.key) == ("enforcement.events", b"a-platform:a")
    assert record.headers["event-id"].decode() == message.meta.event_id == message.event.event_id == "a1"
    assert message.standing.points == 3


async def test_free_text_stays_in_the_ledger(clock: ManualClock) -> None:
    ledger, publisher = MemoryLedger(announcement), MemoryPublisher()
    enforcement = await enforcement_on(ledger, clock)
    await enforcement.record(violation(1))
    await enforcement.appeal("account-1", "event-1", "a-personal-word")
    await relay_of(ledger, publisher, clock).publish_pending()
    assert len(publisher.records) == 2
    assert not any(b"a-personal-word" in record.value for record in publisher.records)


@pytest.mark.parametrize("seed", range(20))
async def test_whatever_the_broker_refuses_nothing_is_lost_and_order_is_kept(
    clock: ManualClock, seed: int
) -> None:
    ledger, publisher = MemoryLedger(announcement), FailingPublisher(seed)
    await filled(ledger, clock)
    relay = relay_of(ledger, publisher, clock)
    failures = 0
    while await ledger.oldest_pending() is not None:
        try:
            await relay.publish_pending()
        except UnavailableError:
            failures += 1
        assert failures < 500
    assert sequences(publisher) == {
        f"a-platform:{account}".encode(): [1, 2, 3, 4, 5, 6] for account in ACCOUNTS
    }
    assert failures > 0


async def test_a_relay_that_died_before_the_mark_is_followed_by_one_that_repeats(clock: ManualClock) -> None:
    ledger, publisher = ForgetfulLedger(), MemoryPublisher()
    await filled(ledger, clock, count=2)
    with pytest.raises(UnavailableError):
        await relay_of(ledger, publisher, clock).publish_pending()
    ledger.dies = False
    successor = relay_of(ledger, publisher, clock)
    assert await successor.publish_pending() == 0
    await clock.advance(30)
    assert await successor.publish_pending() == 6
    assert len(publisher.records) == 12
    assert len({record.headers["event-id"] for record in publisher.records}) == 6


async def test_nothing_is_begun_when_the_lease_is_half_over(clock: ManualClock) -> None:
    class Slow(MemoryPublisher):
        async def publish(
            self, topic: str, *, key: bytes | None, value: bytes, headers: Mapping[str, bytes] | None = None
        ) -> None:
            await super().publish(topic, key=key, value=value, headers=headers)
            await clock.advance(10)

    ledger, publisher = MemoryLedger(announcement), Slow()
    enforcement = await enforcement_on(ledger, clock)
    for number in range(1, 5):
        await enforcement.record(violation(number))
    assert await relay_of(ledger, publisher, clock).publish_pending() == 2


async def test_a_running_relay_publishes_what_is_appended_without_waiting_for_the_poll(
    clock: ManualClock,
) -> None:
    ledger, publisher = MemoryLedger(announcement), MemoryPublisher()
    relay = relay_of(ledger, publisher, clock, RelayLimits(poll_seconds=3600))
    await relay.start()
    await clock.advance(0)
    await filled(ledger, clock, count=1)
    relay.wake()
    await clock.advance(0)
    await relay.drain()
    await relay.stop()
    assert len(publisher.records) == 3


async def test_a_running_relay_tries_again_for_ever_and_tells_the_age(clock: ManualClock) -> None:
    ledger, publisher = MemoryLedger(announcement), FailingPublisher(seed=1, chance=1.0)
    await filled(ledger, clock, count=1)
    ages: list[float] = []
    relay = OutboxRelay(ledger, publisher, clock=clock, limits=RelayLimits(), observe=ages.append)
    await relay.start()
    await clock.advance(12 * 3600)
    assert publisher.records == []
    assert ages[-1] == pytest.approx(12 * 3600, abs=120)
    publisher.chance = 0.0
    await clock.advance(120)
    await relay.stop()
    assert {record.headers["event-id"] for record in publisher.records} == {b"a1", b"b1", b"c1"}
    assert ages[-1] == 0.0


async def test_stopping_before_the_start_is_nothing(clock: ManualClock) -> None:
    await relay_of(MemoryLedger(announcement), MemoryPublisher(), clock).stop()
