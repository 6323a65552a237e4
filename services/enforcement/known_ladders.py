"""The ladders a process knows, learnt from the ledger as other replicas add to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.enforcement.ladder import Ladder, Ladders, UnknownLadderError
from services.enforcement.ledger import Ledger

R = TypeVar("R")


class KnownLadders:
    """The ladder in force here, and every other version the ledger keeps."""

    def __init__(self, current: Ladder, ledger: Ledger) -> None:
        self._ledger = ledger
        self._ladders = Ladders(current)

    @property
    def now(self) -> Ladders:
        return self._ladders

    async def register(self) -> None:
        """Keep the current version in the ledger; PolicyError where it was changed under its name."""
        await self._ledger.add_ladder(self._ladders.current)
        await self._refresh()

    async def judging(self, work: Callable[[], Awaitable[R]]) -> R:
        """Do `work`, once more where it met a version that another replica added meanwhile."""
        try:
            return await work()
        except UnknownLadderError:
            await self._refresh()
            return await work()

    async def _refresh(self) -> None:
        self._ladders = Ladders(self._ladders.current, await self._ledger.ladders())
