"""Every call has a deadline; one that cannot be met is refused before any work is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from services.chassis.clock import Clock
from services.chassis.errors import DeadlineError
from services.chassis.rpc.interceptors.chain import Incoming, Serve


class Deadline:
    """The caller's deadline, or the default where it set none.

    The handler finds it in `current_call().deadline`, to pass on what is left.
    """

    def __init__(self, clock: Clock, *, default_seconds: float, min_seconds: float) -> None:
        self._clock = clock
        self._default_seconds = default_seconds
        self._min_seconds = min_seconds

    def wrap(self, method: str, serve: Serve) -> Serve:
        del method
        clock, least, default = self._clock, self._min_seconds, self._default_seconds

        async def timed(request: Any, call: Incoming) -> Any:
            time_remaining: Callable[[], float | None] = call.context.time_remaining
            remaining = time_remaining()
            if remaining is None:
                call.deadline = clock.monotonic() + default
                async with asyncio.timeout(default):
                    return await serve(request, call)
            if remaining < least:
                raise DeadlineError("too little time is left to answer")
            # gRPC itself cancels the handler when the caller's deadline passes.
            call.deadline = clock.monotonic() + remaining
            return await serve(request, call)

        return timed
