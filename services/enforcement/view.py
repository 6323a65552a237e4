"""What this process remembers of accounts, so that CheckAccess need not ask the store."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.chassis.clock import Clock
from services.chassis.errors import UnavailableError
from services.enforcement.events import AccountKey
from services.enforcement.standing import Judgement

Load = Callable[[AccountKey], Awaitable[Judgement]]


@dataclass(frozen=True, slots=True)
class ViewLimits:
    """How much is remembered and for how long.

    `fresh_seconds` bounds how late a decision of another replica takes effect here;
    `stale_seconds` is how long the last known events serve while the store is away.
    """

    accounts: int = 100_000
    fresh_seconds: float = 1.0
    stale_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class _Remembered:
    judgement: Judgement
    at: float


class AccountView:
    """A read-through memory of judgements, bounded, the least recently used forgotten first.

    Time is not remembered: a judgement is asked for the standing at each call, so that
    expiry takes effect to the second whatever is in memory.
    """

    def __init__(self, load: Load, *, clock: Clock, limits: ViewLimits) -> None:
        self._load = load
        self._clock = clock
        self._limits = limits
        self._remembered: OrderedDict[AccountKey, _Remembered] = OrderedDict()
        self._loading: dict[AccountKey, asyncio.Task[Judgement]] = {}

    async def get(self, key: AccountKey) -> Judgement:
        """The account's judgement; UnavailableError where it is neither known nor to be had."""
        known = self._remembered.get(key)
        if known is not None and self._age(known) < self._limits.fresh_seconds:
            self._remembered.move_to_end(key)
            return known.judgement
        try:
            return await self._loaded(key)
        except UnavailableError:
            if known is not None and self._age(known) < self._limits.stale_seconds:
                return known.judgement
            raise

    def learn(self, key: AccountKey, judgement: Judgement, *, read_at: float | None = None) -> Judgement:
        """Remember what was read or written; of two, the one that knows more events stays."""
        at = self._clock.monotonic() if read_at is None else read_at
        known = self._remembered.get(key)
        if known is not None and known.judgement.history.sequence > judgement.history.sequence:
            return known.judgement
        self._remembered[key] = _Remembered(judgement, at)
        self._remembered.move_to_end(key)
        while len(self._remembered) > self._limits.accounts:
            self._remembered.popitem(last=False)
        return judgement

    async def _loaded(self, key: AccountKey) -> Judgement:
        """Callers that ask for one account at the same time share one read."""
        task = self._loading.get(key)
        if task is None:
            task = asyncio.create_task(self._read(key))
            self._loading[key] = task
            task.add_done_callback(lambda done: self._loaded_or_failed(key, done))
        return await asyncio.shield(task)

    def _loaded_or_failed(self, key: AccountKey, done: asyncio.Task[Judgement]) -> None:
        self._loading.pop(key, None)
        if not done.cancelled():
            # Whoever still waits gets the error; asked for here, it is no orphan where nobody does.
            done.exception()

    async def _read(self, key: AccountKey) -> Judgement:
        read_at = self._clock.monotonic()
        return self.learn(key, await self._load(key), read_at=read_at)

    def _age(self, remembered: _Remembered) -> float:
        return self._clock.monotonic() - remembered.at
