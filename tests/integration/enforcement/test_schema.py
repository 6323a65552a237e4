"""The schema's versions, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.errors import SettingsError
from services.enforcement.adapters.sql import migrate
from services.enforcement.adapters.sql.engine import PoolLimits, open_engine
from services.enforcement.adapters.sql.ledger import SqlLedger
from services.enforcement.adapters.sql.tables import metadata
from services.enforcement.translate import announcement
from tests.contract.enforcement.test_ledger_contract import KEY, appending
from tests.unit.enforcement.builders import recorded


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(database_url, PoolLimits())
    yield opened
    await opened.dispose()


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_the_migrations_make_exactly_the_tables_the_code_speaks_of(engine: AsyncEngine) -> None:
    await migrate.upgrade(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_a_database_without_the_schema_is_refused_and_says_what_to_run(engine: AsyncEngine) -> None:
    with pytest.raises(SettingsError, match="migrations upgrade"):
        await migrate.check(engine)
    await migrate.upgrade(engine)
    await migrate.check(engine)


async def test_migrating_again_or_at_once_from_several_replicas_changes_nothing(database_url: str) -> None:
    engines = [open_engine(database_url, PoolLimits()) for _ in range(4)]
    await asyncio.gather(*(migrate.upgrade(engine) for engine in engines))
    await migrate.upgrade(engines[0])
    async with engines[0].connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM leases"))).scalar() == 1
    for engine in engines:
        await engine.dispose()


async def test_a_database_of_newer_code_is_served_and_left_as_it_is(engine: AsyncEngine) -> None:
    await migrate.upgrade(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await migrate.check(engine)
    await migrate.upgrade(engine)
    await SqlLedger(engine, announcement).append(KEY, appending(recorded(1)))


@pytest.mark.parametrize("change", ["UPDATE events SET item = 'x'", "DELETE FROM events"])
async def test_the_database_itself_refuses_to_change_or_delete_an_event(
    engine: AsyncEngine, change: str
) -> None:
    await migrate.upgrade(engine)
    ledger = SqlLedger(engine, announcement)
    await ledger.append(KEY, appending(recorded(1)))
    with pytest.raises(DBAPIError, match="append-only"):
        async with engine.begin() as connection:
            await connection.execute(text(change))
    assert (await ledger.history(KEY)).events == (recorded(1),)
