"""A store that goes away and comes back: named, never a success, and nothing half written."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from services.chassis.clock import ManualClock
from services.chassis.errors import UnavailableError
from services.contracts.vocabulary import Feature, StandingLevel
from services.demo.ports import free_ports
from services.enforcement.adapters.sql import migrate
from services.enforcement.adapters.sql.engine import PoolLimits, open_engine
from services.enforcement.adapters.sql.ledger import SqlLedger
from services.enforcement.adapters.sql.outbox import SqlOutbox
from services.enforcement.events import AccountKey
from services.enforcement.ledger import Entry
from services.enforcement.local import open_enforcement
from tests.contract.enforcement.test_ledger_contract import KEY, appending
from tests.harness.postgres import PostgresServer
from tests.integration.enforcement.conftest import LadderFile
from tests.unit.enforcement.builders import NOW, recorded, violation

_CUT_ALL_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"outage_{uuid.uuid4().hex}"
    yield server.create_database(name)
    server.drop_database(name)


async def test_nobody_at_the_address_is_unavailable(ladder_file: LadderFile) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_ports(1)[0]}/nothing"
    with pytest.raises(UnavailableError) as away:
        async with open_enforcement(url, policy=ladder_file.path, clock=ManualClock(NOW)):
            pass
    assert away.value.code == "STORE_UNAVAILABLE"


@pytest.mark.real_postgres
async def test_connections_cut_by_the_server_are_unavailable_once_and_then_renewed(
    postgres_url: str, ladder_file: LadderFile
) -> None:
    killer = open_engine(postgres_url, PoolLimits())
    async with open_enforcement(postgres_url, policy=ladder_file.path, clock=ManualClock(NOW)) as enforcement:
        await enforcement.record(violation(1))
        async with killer.connect() as connection:
            await connection.execute(text(_CUT_ALL_OTHERS))
        with pytest.raises(UnavailableError):
            await enforcement.record(violation(2))
        known = await enforcement.check_access("account-1", Feature.GENERATE)
        assert known.level is StandingLevel.WARNED
        assert (await enforcement.record(violation(2))).event.sequence == 2
    await killer.dispose()


async def test_an_announcement_that_cannot_be_made_leaves_no_event(database_url: str) -> None:
    def broken(key: AccountKey, entry: Entry) -> bytes:
        raise RuntimeError("no announcement")

    engine = open_engine(database_url, PoolLimits())
    await migrate.upgrade(engine)
    with pytest.raises(RuntimeError):
        await SqlLedger(engine, broken).append(KEY, appending(recorded(1)))
    whole = SqlLedger(engine, lambda _key, _entry: b"said")
    assert len(await whole.history(KEY)) == 0
    await whole.append(KEY, appending(recorded(1)))
    assert [record.payload for record in await SqlOutbox(engine).pending(10)] == [b"said"]
    await engine.dispose()


async def test_a_file_that_another_process_holds_is_unavailable(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    engine, holder = open_engine(url, PoolLimits(answer_seconds=0.05)), open_engine(url, PoolLimits())
    await migrate.upgrade(engine)
    ledger = SqlLedger(engine, lambda _key, _entry: b"said")
    async with holder.connect() as connection:
        await connection.execute(text("UPDATE leases SET holder = 'x'"))
        with pytest.raises(UnavailableError):
            await ledger.append(KEY, appending(recorded(1)))
        await connection.rollback()
    assert (await ledger.append(KEY, appending(recorded(1)))).history.sequence == 1
    await engine.dispose()
    await holder.dispose()
