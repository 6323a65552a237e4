"""Generations in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import CursorResult, Row, Select, delete, insert, make_url, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.schema import CreateIndex, CreateTable

from services.chassis.errors import UnavailableError
from services.joint_scorer.adapters.records import from_text, to_text
from services.joint_scorer.adapters.tables import GENERATIONS as TABLE
from services.joint_scorer.joining import Generation, GenerationKey


class SqlPendingHalves:
    """See PendingHalves. A Component: makes its table at the start, where there is none."""

    name = "pending_halves"

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @classmethod
    def at(cls, url: str) -> SqlPendingHalves:
        """`sqlite+aiosqlite:///file` or `postgresql+asyncpg://…`; nothing is opened yet."""
        return cls(create_async_engine(url, pool_pre_ping=True, connect_args=_connect_args(url)))

    async def start(self) -> None:
        async with self._transaction() as connection:
            await connection.execute(CreateTable(TABLE, if_not_exists=True))
            for index in sorted(TABLE.indexes, key=lambda each: str(each.name)):
                await connection.execute(CreateIndex(index, if_not_exists=True))

    async def drain(self) -> None:
        """Nothing is held between calls."""

    async def stop(self) -> None:
        await self._engine.dispose()

    async def get(self, key: GenerationKey) -> Generation | None:
        found = await self._read(select(TABLE).where(*_is(key)))
        return found[0] if found else None

    async def put(self, generation: Generation) -> bool:
        values = _values(generation)
        if generation.version == 0:
            return await self._insert(values)
        held = TABLE.c.version == generation.version
        changed = await self._write(update(TABLE).where(*_is(generation.key), held).values(values))
        return changed == 1

    async def waiting(self, *, due_by: float, limit: int) -> list[Generation]:
        due = TABLE.c.due
        return await self._read(select(TABLE).where(due <= due_by).order_by(due).limit(limit))

    async def unstated(self, *, decided_by: float, limit: int) -> list[Generation]:
        decided = TABLE.c.decided_at
        wanted = select(TABLE).where(TABLE.c.unstated == 1, decided <= decided_by)
        return await self._read(wanted.order_by(decided).limit(limit))

    async def forget(self, *, decided_by: float) -> int:
        return await self._write(delete(TABLE).where(TABLE.c.unstated == 0, TABLE.c.decided_at <= decided_by))

    async def _insert(self, values: dict[str, Any]) -> bool:
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(TABLE).values(values))
        except IntegrityError:
            return False
        except SQLAlchemyError as error:
            raise _unavailable(error) from error
        return True

    async def _write(self, statement: Any) -> int:
        async with self._transaction() as connection:
            result: CursorResult[Any] = await connection.execute(statement)
            return result.rowcount

    async def _read(self, statement: Select[Any]) -> list[Generation]:
        async with self._transaction() as connection:
            return [_generation(row) for row in await connection.execute(statement)]

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise _unavailable(error) from error


def _connect_args(url: str) -> dict[str, Any]:
    """SQLite lets one writer in at a time: the others wait, seconds."""
    return {"timeout": 30.0} if make_url(url).drivername.startswith("sqlite") else {}


def _is(key: GenerationKey) -> tuple[Any, Any]:
    return TABLE.c.tenant == key.tenant, TABLE.c.name == key.name


def _values(generation: Generation) -> dict[str, Any]:
    decided = generation.verdict is not None
    return {
        "tenant": generation.key.tenant,
        "name": generation.key.name,
        "version": generation.version + 1,
        "due": None if decided else generation.due,
        "decided_at": generation.decided_at if decided else None,
        "unstated": int(generation.unstated),
        "state": to_text(generation),
    }


def _generation(row: Row[Any]) -> Generation:
    return from_text(GenerationKey(row.tenant, row.name), row.version, row.state)


def _unavailable(error: SQLAlchemyError) -> UnavailableError:
    return UnavailableError(f"the store of pending halves does not answer: {type(error).__name__}")
