"""Asynchronous answers for jobs, which are not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from services.chassis.errors import PalisadeError
from services.cli.job import Answer, AnswerBatch, Result, T


def side_by_side(
    runner: asyncio.Runner, ask: Callable[[T], Awaitable[Answer]], *, at_once: int
) -> AnswerBatch[T]:
    """Answers a batch with at most `at_once` items under way; results keep the items' order."""

    async def attempt(item: T, places: asyncio.Semaphore) -> Result:
        async with places:
            try:
                return await ask(item)
            except PalisadeError as error:
                return error

    async def gather(items: Sequence[T]) -> list[Result]:
        places = asyncio.Semaphore(at_once)
        return await asyncio.gather(*(attempt(item, places) for item in items))

    return lambda items: runner.run(gather(items))
