"""Keeps tenants' terms current while the service runs."""

from __future__ import annotations

import asyncio

from services.chassis.clock import Clock
from services.prompt_filter.tenants import TenantFilters


class TenantRefresh:
    """A component that looks for changed tenant files every few seconds."""

    name = "tenant_refresh"

    def __init__(self, filters: TenantFilters, *, every_seconds: float, clock: Clock) -> None:
        self._filters = filters
        self._every = every_seconds
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read all files once before the service is ready."""
        self._filters.refresh()
        self._task = asyncio.create_task(self._run())

    async def drain(self) -> None:
        """Nothing is in flight here."""

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            await self._clock.sleep(self._every)
            await asyncio.to_thread(self._filters.refresh)
