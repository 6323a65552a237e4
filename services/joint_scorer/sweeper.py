"""Time's part in joining: halves that wait too long, verdicts whose worker died, old memories."""

from __future__ import annotations

import asyncio

import structlog

from services.chassis.clock import Clock
from services.chassis.errors import PalisadeError
from services.joint_scorer.joiner import Joiner

_log = structlog.get_logger(__name__)


class Sweeper:
    """A Component that looks every `interval_seconds`. Many may run; each generation is decided once."""

    name = "sweeper"

    def __init__(
        self,
        joiner: Joiner,
        *,
        clock: Clock,
        interval_seconds: float,
        restate_after_seconds: float,
        batch: int,
    ) -> None:
        self._joiner = joiner
        self._clock = clock
        self._interval = interval_seconds
        self._restate_after = restate_after_seconds
        self._batch = batch
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def drain(self) -> None:
        """What is not finished, another sweep finishes."""
        await self.stop()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def sweep(self) -> None:
        """Once over everything that is due now. PalisadeError where store or broker does not answer."""
        while await self._joiner.expire(self._batch) == self._batch:
            pass
        await self._joiner.restate(self._restate_after, self._batch)
        await self._joiner.forget()

    async def _run(self) -> None:
        while True:
            try:
                await self.sweep()
            except PalisadeError as error:
                _log.warning("sweep_failed", code=error.code)
            await self._clock.sleep(self._interval)
