"""The database as a part of the process: migrated before anything uses it, released after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from services.enforcement.adapters.sql import migrate


class Database:
    """A component. `opened` is called once the schema is there."""

    name = "database"

    def __init__(self, engine: AsyncEngine, *, migrates: bool, opened: Callable[[], Awaitable[None]]) -> None:
        self._engine = engine
        self._migrates = migrates
        self._opened = opened

    async def start(self) -> None:
        """Bring the schema up, or check it. UnavailableError or SettingsError where that fails."""
        await (migrate.upgrade if self._migrates else migrate.check)(self._engine)
        await self._opened()

    async def drain(self) -> None:
        """Nothing is accepted here; the parts that use the database drain themselves."""

    async def stop(self) -> None:
        await self._engine.dispose()
