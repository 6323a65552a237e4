"""The ledger in PostgreSQL or SQLite."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.chassis.errors import PolicyError
from services.enforcement.adapters.sql.engine import for_writing
from services.enforcement.adapters.sql.errors import unavailable_where_it_may_pass
from services.enforcement.adapters.sql.rows import Columns, event_from_row, event_to_row, microseconds
from services.enforcement.adapters.sql.tables import accounts, events, ladders, outbox
from services.enforcement.events import AccountEvent, AccountKey
from services.enforcement.history import History
from services.enforcement.ladder import Ladder
from services.enforcement.ledger import Announce, Appended, Decide, Entry, check_gap_free
from services.enforcement.violations import event_id_reused

# Built once: building a statement costs as much as running it.
_LOCK_ACCOUNT = (
    select(accounts.c.account)
    .where(accounts.c.tenant == bindparam("of_tenant"), accounts.c.account == bindparam("of_account"))
    .with_for_update()
)
_READ_EVENTS = (
    select(events)
    .where(events.c.tenant == bindparam("of_tenant"), events.c.account == bindparam("of_account"))
    .order_by(events.c.sequence)
)
_READ_PAGE = _READ_EVENTS.where(events.c.sequence > bindparam("after_sequence")).limit(bindparam("most"))
_INSERT_EVENT = insert(events)
_INSERT_MESSAGE = insert(outbox)


class SqlLedger:
    """Append-only events; the writer of an account holds the lock on its row.

    PostgreSQL locks the row (SELECT … FOR UPDATE); SQLite has one writer for all, and this
    process's writers wait for it in line instead of polling its lock.
    """

    def __init__(self, engine: AsyncEngine, announce: Announce) -> None:
        self._engine = engine
        self._writing = for_writing(engine)
        self._announce = announce
        self._line = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    async def append(self, key: AccountKey, decide: Decide) -> Appended:
        async with self._transaction() as connection:
            await self._lock(connection, key)
            before = await _read(connection, key)
            entries = tuple(decide(before))
            if not entries:
                return Appended(before, ())
            check_gap_free(before, entries)
            await self._write(connection, key, entries)
        return Appended(before.followed_by(entry.event for entry in entries), entries)

    async def history(self, key: AccountKey) -> History:
        with unavailable_where_it_may_pass():
            async with self._engine.connect() as connection:
                return await _read(connection, key)

    async def page(self, key: AccountKey, *, after_sequence: int, limit: int) -> Sequence[AccountEvent]:
        parameters = {**_parameters(key), "after_sequence": after_sequence, "most": limit}
        with unavailable_where_it_may_pass():
            async with self._engine.connect() as connection:
                return [event_from_row(row) for row in await connection.execute(_READ_PAGE, parameters)]

    async def add_ladder(self, ladder: Ladder) -> None:
        document = ladder.document()
        async with self._transaction() as connection:
            await self._insert_absent(connection, ladders, {"version": ladder.version, "document": document})
            kept = select(ladders.c.document).where(ladders.c.version == ladder.version)
            if await connection.scalar(kept) != document:
                raise PolicyError(f"ladder {ladder.version!r} was changed without a new version")

    async def ladders(self) -> Mapping[str, Ladder]:
        with unavailable_where_it_may_pass():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(select(ladders))).all()
        return {row.version: Ladder.from_document(json.loads(row.document)) for row in rows}

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        async with self._line:
            with unavailable_where_it_may_pass():
                async with self._writing.begin() as connection:
                    yield connection

    async def _lock(self, connection: AsyncConnection, key: AccountKey) -> None:
        if await connection.scalar(_LOCK_ACCOUNT, _parameters(key)) is None:
            await self._insert_absent(connection, accounts, {"tenant": key.tenant, "account": key.account})
            await connection.scalar(_LOCK_ACCOUNT, _parameters(key))

    async def _write(self, connection: AsyncConnection, key: AccountKey, entries: Sequence[Entry]) -> None:
        rows = [event_to_row(key.tenant, entry.event) for entry in entries]
        messages = [self._outbox_row(key, entry) for entry in entries]
        try:
            await connection.execute(_INSERT_EVENT, rows)
        except IntegrityError as error:
            # The lock keeps sequences apart, so the id is taken: by another account of the tenant.
            raise event_id_reused(entries[0].event.event_id) from error
        await connection.execute(_INSERT_MESSAGE, messages)

    def _outbox_row(self, key: AccountKey, entry: Entry) -> Columns:
        return {
            "tenant": key.tenant,
            "account": key.account,
            "event_id": entry.event.event_id,
            "payload": self._announce(key, entry),
            "created_at": microseconds(entry.event.recorded_at),
        }

    async def _insert_absent(self, connection: AsyncConnection, table: Table, row: Columns) -> None:
        dialect = sqlite if self._engine.dialect.name == "sqlite" else postgresql
        await connection.execute(dialect.insert(table).values(row).on_conflict_do_nothing())


def _parameters(key: AccountKey) -> Columns:
    return {"of_tenant": key.tenant, "of_account": key.account}


async def _read(connection: AsyncConnection, key: AccountKey) -> History:
    return History(event_from_row(row) for row in await connection.execute(_READ_EVENTS, _parameters(key)))
