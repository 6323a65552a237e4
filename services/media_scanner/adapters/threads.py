"""A small pool of threads for work that blocks, with slots that are really free when they say so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from services.chassis.errors import OverloadedError

T = TypeVar("T")


class BoundedThreads:
    """Runs blocking work on `slots` threads; as a Component it is stopped with its process.

    A thread cannot be ended from outside. Work whose caller gave up keeps its slot until it
    returns, so that hanging work makes `run` say so instead of piling up behind it.
    """

    name = "threads"

    def __init__(self, slots: int, *, queue: int) -> None:
        self._slots = slots
        self._room = slots + queue
        self._taken = 0
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix="scan")

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work`; OverloadedError at once where slots and queue are full."""
        if self._taken >= self._room:
            raise OverloadedError(f"{self._taken} scans are already waiting or running")
        self._taken += 1
        loop = asyncio.get_running_loop()
        future = self._pool.submit(work)
        future.add_done_callback(lambda _: _notify(loop, self._release))
        return await asyncio.wrap_future(future)

    def _release(self) -> None:
        self._taken -= 1

    async def start(self) -> None:
        """Threads start with their first work."""

    async def drain(self) -> None:
        """Callers await their own work."""

    async def stop(self) -> None:
        """Take no more work; what hangs is left to the end of the process."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _notify(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(callback)
