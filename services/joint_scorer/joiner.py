"""Keeps halves until they can be judged, and states each verdict: durable first, then published."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from services.chassis.clock import Clock
from services.chassis.errors import ConflictError, UnavailableError
from services.chassis.metrics import Metrics
from services.joint_scorer.joining import Arrival, Generation, arrive, expire, stated
from services.joint_scorer.policy import JointPolicy
from services.joint_scorer.ports import PendingHalves

ITEM = "generation"
"""Kind of item, in metrics."""

State = Callable[[Generation], Awaitable[None]]
"""Publishes the verdict of a decided generation durably; may be called again for the same one."""

_ATTEMPTS = 10


class ContendedError(ConflictError, UnavailableError):
    """Other workers kept changing the generation; trying again later helps."""

    code = "CONTENDED"


class Joiner:
    """The stream side's use case."""

    def __init__(
        self, halves: PendingHalves, state: State, policy: JointPolicy, *, clock: Clock, metrics: Metrics
    ) -> None:
        self._halves = halves
        self._state = state
        self._policy = policy
        self._clock = clock
        self._metrics = metrics

    async def accept(self, arrival: Arrival) -> None:
        """Take a half on; return once it is kept and, where it decides, its verdict is published.

        May be repeated. ContendedError or another UnavailableError where that is not possible now.
        """
        current = await self._take_on(arrival)
        if current.unstated:
            await self._publish(current)

    async def expire(self, limit: int) -> int:
        """Decide up to `limit` generations whose time is up; how many were seen."""
        now = self._clock.now()
        due = await self._halves.waiting(due_by=now, limit=limit)
        for known in due:
            written = await self._changed(known, expire(known, now, self._policy))
            if written is not None:
                await self._publish(written)
        return len(due)

    async def restate(self, older_than_seconds: float, limit: int) -> int:
        """Publish verdicts that were decided but, since a worker died, perhaps never stated."""
        before = self._clock.now() - older_than_seconds
        unstated = await self._halves.unstated(decided_by=before, limit=limit)
        for generation in unstated:
            await self._publish(generation)
        return len(unstated)

    async def forget(self) -> int:
        """Drop decided generations past their retention; how many."""
        return await self._halves.forget(decided_by=self._clock.now() - self._policy.retention_seconds)

    async def _take_on(self, arrival: Arrival) -> Generation:
        """Write the half into its generation, again where another worker was first."""
        for _ in range(_ATTEMPTS):
            known = await self._halves.get(arrival.key)
            after = arrive(known, arrival, self._policy)
            if after is known:
                return known
            written = await self._changed(known, after)
            if written is not None:
                return written
        raise ContendedError("the generation is being changed by others")

    async def _changed(self, known: Generation | None, after: Generation) -> Generation | None:
        """Write the change and count its verdict; as written, or None where another was first."""
        if not await self._halves.put(after):
            return None
        if after.verdict is not None and (known is None or after.revision > known.revision):
            self._metrics.record_outcome(ITEM, after.verdict.outcome)
        return replace(after, version=after.version + 1)

    async def _publish(self, generation: Generation) -> None:
        await self._state(generation)
        # Lost to another change: the verdict is stated once more later, under the same id.
        await self._halves.put(stated(generation))
