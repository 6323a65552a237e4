"""Blocking work beside the event loop, bounded: too much at once is refused, not queued for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from services.chassis.errors import OverloadedError

T = TypeVar("T")


class BoundedWorkers:
    """Threads for work that releases the GIL, with a bound on what waits. A Component.

    Attributes:
        pending: jobs running and waiting.
    """

    def __init__(self, name: str, *, threads: int, max_pending: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._name = name
        self._max_pending = max_pending
        self.pending = 0

    async def run(self, job: Callable[[], T]) -> T:
        """Run `job` on a thread. OverloadedError where `max_pending` jobs are there already.

        A caller that is cancelled stops waiting; its job keeps its place until it ends, because
        a thread cannot be stopped.
        """
        if self.pending >= self._max_pending:
            raise OverloadedError(f"{self._name}: {self.pending} jobs are pending")
        self.pending += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, job)
        future.add_done_callback(self._ended)
        return await asyncio.shield(future)

    def _ended(self, future: asyncio.Future[T]) -> None:
        self.pending -= 1
        if not future.cancelled():
            future.exception()

    @property
    def name(self) -> str:
        return self._name

    async def start(self) -> None:
        """Threads start with their first jobs."""

    async def drain(self) -> None:
        """Whoever asked for a job waits for it; nothing runs on its own here."""

    async def stop(self) -> None:
        """Refuse new jobs, drop those not begun, and let running ones end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)
