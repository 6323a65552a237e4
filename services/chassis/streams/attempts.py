"""One event, attempted: the handler, the retry tiers, and one deadline over all of them."""

from __future__ import annotations

import asyncio

from services.chassis.clock import Clock
from services.chassis.errors import UnavailableError
from services.chassis.streams.dead_letters import DEADLINE_EXCEEDED, UNEXPECTED, Failure
from services.chassis.streams.stage import RetryableError, Stage
from services.chassis.streams.stage_metrics import StageMetrics
from services.chassis.streams.window import Work

# What may pass by itself. UnavailableError is what ports raise when their far side does not answer.
_PASSING = (RetryableError, UnavailableError)


class Attempts:
    """Attempts the events of one stage, and interrupts those past their deadline."""

    def __init__(self, stage: Stage, *, metrics: StageMetrics, clock: Clock) -> None:
        self._handler = stage.handler
        self._delays = tuple(stage.limits.retry_delays_seconds)
        self._limit = stage.limits.deadline_seconds
        self._metrics = metrics
        self._clock = clock
        # In the order of their deadlines, for each has the same time from its start.
        self._running: dict[Work, None] = {}

    async def run(self, work: Work, task: asyncio.Task[None]) -> Failure | None:
        """Handle the event in `task`, which is the current one; None when it is done.

        CancelledError comes through only where the task itself was cancelled from outside.
        """
        event = work.event
        started = self._clock.monotonic()
        work.deadline = started + self._limit
        work.task = task
        self._running[work] = None
        if event.timestamp:
            self._metrics.observe_queueing(max(0.0, self._clock.now() - event.timestamp))
        try:
            await self._handler(event)
        except asyncio.CancelledError:
            return self._interrupted(work, task, started, attempts=1)
        except _PASSING as error:
            return await self._retry(work, task, started, error)
        except Exception as error:  # noqa: BLE001 - boundary: whatever a handler raises is a dead letter
            return Failure.of(error, attempts=1, first_seen=self._clock.now())
        finally:
            work.task = None
            self._running.pop(work, None)
            if work.interrupted:
                task.uncancel()
            self._metrics.observe_handling(self._clock.monotonic() - started)
        return None

    async def _retry(
        self, work: Work, task: asyncio.Task[None], started: float, error: Exception
    ) -> Failure | None:
        first_seen = self._clock.now() - (self._clock.monotonic() - started)
        attempts = 1
        try:
            for delay in self._delays:
                await self._clock.sleep(delay)
                attempts += 1
                self._metrics.retried()
                try:
                    await self._handler(work.event)
                except _PASSING as again:
                    error = again
                else:
                    return None
        except asyncio.CancelledError:
            return self._interrupted(work, task, started, attempts=attempts)
        except Exception as final:  # noqa: BLE001 - boundary: whatever a handler raises is a dead letter
            error = final
        return Failure.of(error, attempts=attempts, first_seen=first_seen)

    def _interrupted(self, work: Work, task: asyncio.Task[None], started: float, *, attempts: int) -> Failure:
        first_seen = self._clock.now() - (self._clock.monotonic() - started)
        if work.interrupted:
            message = f"not done within {self._limit:g} s"
            return Failure(DEADLINE_EXCEEDED, message, attempts, first_seen)
        if task.cancelling():
            raise asyncio.CancelledError
        # The handler awaited something that others had cancelled.
        return Failure(UNEXPECTED, "CancelledError", attempts, first_seen)

    def interrupt(self, work: Work) -> None:
        """Break off the event's attempt, if one is under way."""
        if work.task is not None:
            work.interrupted = True
            work.task.cancel()

    async def expire(self) -> None:
        """Interrupt overdue events, for ever."""
        while True:
            oldest = next(iter(self._running), None)
            # Whatever starts later is due later than a full limit from now.
            wait = self._limit if oldest is None else oldest.deadline - self._clock.monotonic()
            if oldest is None or wait > 0:
                await self._clock.sleep(wait)
                continue
            del self._running[oldest]
            self.interrupt(oldest)
