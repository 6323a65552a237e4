"""One pool of connections, set up alike for both databases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.chassis.errors import SettingsError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_BEGIN = "sqlite_begin"


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """Connections, and how long to wait for one and for its answers."""

    size: int = 10
    wait_seconds: float = 5.0
    answer_seconds: float = 10.0


def open_engine(url: str, limits: PoolLimits) -> AsyncEngine:
    """An engine for a SQLAlchemy address; nothing connects yet. SettingsError for an unknown database.

    Connections are not tried before each use, which would cost a round trip: after a restart of the
    server one use fails as unavailable, and the pool is renewed for the next.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, limits)
    return create_async_engine(
        address,
        pool_size=limits.size,
        max_overflow=0,
        pool_timeout=limits.wait_seconds,
        connect_args={"timeout": limits.wait_seconds, "command_timeout": limits.answer_seconds},
    )


def for_writing(engine: AsyncEngine) -> AsyncEngine:
    """The same engine, whose transactions hold SQLite's write lock from the start.

    A transaction that reads first and writes later would find its snapshot outdated.
    """
    return engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise SettingsError("database.url is not a database address") from error
    driver = _DRIVERS.get(address.drivername, address.drivername)
    if driver not in _DRIVERS.values():
        raise SettingsError(f"database.url: {address.drivername} is neither postgresql nor sqlite")
    return address.set(drivername=driver)


def _sqlite(address: URL, limits: PoolLimits) -> AsyncEngine:
    if address.database is None or address.database in {"", ":memory:"}:
        # Every connection would have a database of its own.
        raise SettingsError("database.url: SQLite needs a file")
    try:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"database.url: cannot make the folder of {address.database}") from error
    engine = create_async_engine(address, connect_args={"timeout": limits.answer_seconds})
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transactions begin only at the first write; ours begin where we say.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
