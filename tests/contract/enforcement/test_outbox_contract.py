"""What every outbox promises, whatever it is kept in."""

from __future__ import annotations

from services.contracts.enforcement.v1 import enforcement_pb2 as pb
from services.enforcement.events import AccountKey
from tests.contract.enforcement.conftest import Store
from tests.contract.enforcement.test_ledger_contract import KEY, appending
from tests.unit.enforcement.builders import NOW, TENANT, recorded


async def test_an_empty_outbox_has_nothing_pending(store: Store) -> None:
    assert list(await store.outbox.pending(10)) == []
    assert await store.outbox.oldest_pending() is None


async def test_every_event_is_announced_in_the_order_of_its_account(store: Store) -> None:
    await store.ledger.append(KEY, appending(recorded(1), recorded(2)))
    await store.ledger.append(KEY, appending(recorded(3)))
    records = await store.outbox.pending(10)
    assert [record.event_id for record in records] == ["event-1", "event-2", "event-3"]
    assert {record.key for record in records} == {KEY}
    announced = [pb.EnforcementEvent.FromString(record.payload) for record in records]
    assert [message.event.sequence for message in announced] == [1, 2, 3]
    assert {message.meta.tenant for message in announced} == {TENANT}


async def test_what_is_published_is_pending_no_more(store: Store) -> None:
    await store.ledger.append(KEY, appending(recorded(1), recorded(2), recorded(3)))
    first, second, third = await store.outbox.pending(10)
    await store.outbox.mark_published([second.position], now=NOW)
    assert [record.position for record in await store.outbox.pending(10)] == [first.position, third.position]
    await store.outbox.mark_published([first.position, second.position, third.position], now=NOW)
    assert list(await store.outbox.pending(10)) == []


async def test_the_oldest_come_first_and_no_more_than_asked_for(store: Store) -> None:
    await store.ledger.append(KEY, appending(recorded(1, recorded_at=NOW + 5.5)))
    later = AccountKey(TENANT, "account-2")
    event = recorded(1, event_id="later", account="account-2", recorded_at=NOW + 9)
    await store.ledger.append(later, appending(event))
    assert [record.event_id for record in await store.outbox.pending(1)] == ["event-1"]
    assert await store.outbox.oldest_pending() == NOW + 5.5


async def test_one_holder_at_a_time_publishes(store: Store) -> None:
    assert await store.outbox.lease("one", now=NOW, seconds=30)
    assert not await store.outbox.lease("two", now=NOW + 29, seconds=30)
    assert await store.outbox.lease("one", now=NOW + 29, seconds=30)
    assert not await store.outbox.lease("two", now=NOW + 31, seconds=30)
    assert await store.outbox.lease("two", now=NOW + 59, seconds=30)
    assert not await store.outbox.lease("one", now=NOW + 60, seconds=30)
