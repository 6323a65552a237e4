"""Enforcement inside this process, without a server: for the command line and for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.chassis.clock import Clock
from services.chassis.rpc.call import EMBEDDED_TENANT
from services.enforcement.adapters.sql import migrate
from services.enforcement.adapters.sql.engine import PoolLimits, open_engine
from services.enforcement.adapters.sql.ledger import SqlLedger
from services.enforcement.enforcement import Enforcement, build_enforcement
from services.enforcement.known_ladders import KnownLadders
from services.enforcement.ladder import Ladder
from services.enforcement.settings import LADDER_FILE
from services.enforcement.translate import announcement


@asynccontextmanager
async def open_enforcement(
    database_url: str, *, policy: Path | None = None, clock: Clock, tenant: str = EMBEDDED_TENANT
) -> AsyncIterator[Enforcement]:
    """Open a database by its address, migrated, for one tenant.

    Announcements go to the outbox and are published by the service that shares the database.
    Raises SettingsError, PolicyError or UnavailableError.
    """
    ladder = Ladder.load(policy or LADDER_FILE)
    engine = open_engine(database_url, PoolLimits())
    try:
        await migrate.upgrade(engine)
        ledger = SqlLedger(engine, announcement)
        ladders = KnownLadders(ladder, ledger)
        await ladders.register()
        yield build_enforcement(ledger, ladders, tenant=tenant, clock=clock)
    finally:
        await engine.dispose()
