"""What every ledger promises, whatever it is kept in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from services.chassis.errors import ConflictError, PolicyError
from services.enforcement.events import AccountEvent, AccountKey
from services.enforcement.history import History
from services.enforcement.ledger import Decide, Entry
from services.enforcement.standing import standing
from tests.contract.enforcement.conftest import Store
from tests.unit.enforcement.builders import ACCOUNT, NOW, TENANT, ladder, ladders, recorded, void_of

KEY = AccountKey(TENANT, ACCOUNT)


def entries(history: History, *events: AccountEvent) -> list[Entry]:
    return [Entry(event, standing(event.account, history, ladders(), NOW)) for event in events]


def appending(*events: AccountEvent) -> Decide:
    return lambda history: entries(history, *events)


def next_event(event_id: str) -> Decide:
    """Append the event once, at whatever place is next."""

    def decide(history: History) -> Sequence[Entry]:
        if history.find(event_id):
            return ()
        return entries(history, recorded(history.sequence + 1, event_id=event_id, item=event_id))

    return decide


async def test_an_unknown_account_has_no_history(store: Store) -> None:
    assert (await store.ledger.history(KEY)).events == ()
    assert list(await store.ledger.page(KEY, after_sequence=0, limit=10)) == []


async def test_what_is_appended_is_read_back_as_it_was(store: Store) -> None:
    first = recorded(1, occurred_at=NOW + 0.123456, statement="Zwölf Zeilen\n\tund «Zeichen» 🙂", actor="Ann")
    second = void_of(first, 2)
    appended = await store.ledger.append(KEY, appending(first, second))
    assert appended.history.events == (first, second)
    assert [entry.event for entry in appended.entries] == [first, second]
    assert (await store.ledger.history(KEY)).events == (first, second)


async def test_the_decision_sees_all_that_came_before(store: Store) -> None:
    await store.ledger.append(KEY, appending(recorded(1)))
    seen: list[History] = []

    def look(history: History) -> Sequence[Entry]:
        seen.append(history)
        return ()

    appended = await store.ledger.append(KEY, look)
    assert seen[0].events == (recorded(1),)
    assert (appended.history.events, appended.entries) == ((recorded(1),), ())


async def test_a_decision_that_raises_appends_nothing(store: Store) -> None:
    def refuse(history: History) -> Sequence[Entry]:
        raise ConflictError("no")

    with pytest.raises(ConflictError):
        await store.ledger.append(KEY, refuse)
    assert len(await store.ledger.history(KEY)) == 0
    assert list(await store.outbox.pending(10)) == []


async def test_accounts_and_tenants_do_not_see_each_other(store: Store) -> None:
    await store.ledger.append(KEY, appending(recorded(1)))
    await store.ledger.append(AccountKey("other", ACCOUNT), appending(recorded(1)))
    elsewhere = AccountKey(TENANT, "account-2")
    await store.ledger.append(elsewhere, appending(recorded(1, event_id="other", account="account-2")))
    assert [event.event_id for event in await store.ledger.history(KEY)] == ["event-1"]
    assert [event.event_id for event in await store.ledger.history(elsewhere)] == ["other"]


async def test_an_event_id_belongs_to_one_account_of_a_tenant(store: Store) -> None:
    await store.ledger.append(KEY, appending(recorded(1)))
    with pytest.raises(ConflictError) as refused:
        await store.ledger.append(
            AccountKey(TENANT, "account-2"), appending(recorded(1, account="account-2"))
        )
    assert refused.value.code == "EVENT_ID_REUSED"
    assert len(await store.ledger.history(AccountKey(TENANT, "account-2"))) == 0
    assert len(await store.outbox.pending(10)) == 1


async def test_a_gap_is_refused(store: Store) -> None:
    with pytest.raises(AssertionError):
        await store.ledger.append(KEY, appending(recorded(2)))
    assert len(await store.ledger.history(KEY)) == 0


async def test_writers_of_one_account_leave_no_gap_and_no_duplicate(store: Store) -> None:
    ids = [f"id-{number}" for number in range(30)]
    await asyncio.gather(*(store.ledger.append(KEY, next_event(event_id)) for event_id in ids + ids))
    events = (await store.ledger.history(KEY)).events
    assert [event.sequence for event in events] == list(range(1, 31))
    assert {event.event_id for event in events} == set(ids)


async def test_pages_follow_one_another(store: Store) -> None:
    await store.ledger.append(KEY, appending(*(recorded(number) for number in range(1, 6))))
    assert [e.sequence for e in await store.ledger.page(KEY, after_sequence=0, limit=2)] == [1, 2]
    assert [e.sequence for e in await store.ledger.page(KEY, after_sequence=2, limit=2)] == [3, 4]
    assert [e.sequence for e in await store.ledger.page(KEY, after_sequence=4, limit=2)] == [5]


async def test_ladders_are_kept_by_version(store: Store) -> None:
    await store.ledger.add_ladder(ladder("v1"))
    await store.ledger.add_ladder(ladder("v1"))
    await store.ledger.add_ladder(ladder("v2", window_days=10))
    assert await store.ledger.ladders() == {"v1": ladder("v1"), "v2": ladder("v2", window_days=10)}


async def test_a_ladder_changed_under_its_version_is_refused(store: Store) -> None:
    await store.ledger.add_ladder(ladder("v1"))
    with pytest.raises(PolicyError, match="without a new version"):
        await store.ledger.add_ladder(ladder("v1", window_days=10))
