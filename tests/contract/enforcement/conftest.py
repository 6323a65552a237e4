"""Every ledger there is, empty and ready."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.enforcement.adapters.memory import MemoryLedger
from services.enforcement.adapters.sql import migrate
from services.enforcement.adapters.sql.engine import PoolLimits, open_engine
from services.enforcement.adapters.sql.ledger import SqlLedger
from services.enforcement.adapters.sql.outbox import SqlOutbox
from services.enforcement.ledger import Ledger
from services.enforcement.outbox import Outbox
from services.enforcement.translate import announcement
from tests.harness.postgres import PostgresServer

_STORES = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.real_postgres)]


@dataclass(frozen=True)
class Store:
    """A ledger and the outbox beside it."""

    ledger: Ledger
    outbox: Outbox


@pytest.fixture(params=_STORES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database's address; empty for memory."""
    if request.param == "memory":
        yield ""
        return
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"ledger_{uuid.uuid4().hex}"
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    if not store_url:
        memory = MemoryLedger(announcement)
        yield Store(memory, memory)
        return
    engine = open_engine(store_url, PoolLimits())
    await migrate.upgrade(engine)
    yield Store(SqlLedger(engine, announcement), SqlOutbox(engine))
    await engine.dispose()
