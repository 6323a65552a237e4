"""Waiting for what another process will come to say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

PATIENCE_SECONDS: Final = 60.0
_POLL_SECONDS = 0.05

T = TypeVar("T")


async def eventually(probe: Callable[[], Awaitable[T]], *, what: str) -> T:
    """The probe's first answer that is true; TimeoutError naming `what` where none comes."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (answer := await probe()):
                await asyncio.sleep(_POLL_SECONDS)
            return answer
    except TimeoutError:
        raise TimeoutError(f"waited {PATIENCE_SECONDS:g} s for {what}") from None
