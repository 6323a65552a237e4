"""Decisions on their way to Kafka, beside the calls that made them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Literal

import structlog

from services.chassis.clock import Clock, SystemClock
from services.chassis.errors import OverloadedError
from services.chassis.metrics import Metrics
from services.chassis.streams.publisher import Publisher, PublishError

_FIRST_RETRY_SECONDS = 0.5
_LONGEST_RETRY_SECONDS = 30.0

_log = structlog.get_logger(__name__)


class Outgoing:
    """Publishes what a call has decided.

    `background`: the call does not wait for Kafka. At most `capacity` records wait for their
    acknowledgement, each retried until it has it; one more is refused with OverloadedError, so
    that a decision is never dropped unseen. `required`: an unrecorded decision is no decision,
    the call waits. Drain waits for all of them. Records are not ordered among each other.
    """

    name = "outgoing"

    def __init__(
        self,
        publisher: Publisher,
        *,
        mode: Literal["background", "required"],
        capacity: int,
        metrics: Metrics,
        clock: Clock | None = None,
    ) -> None:
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, not {capacity}")
        self._publisher = publisher
        self._required = mode == "required"
        self._capacity = capacity
        self._pending_gauge = metrics.outgoing_pending
        self._clock = clock or SystemClock()
        self._pending: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Nothing to acquire: the publisher has a life of its own."""

    async def send(
        self, topic: str, *, key: bytes | None, value: bytes, headers: Mapping[str, bytes] | None = None
    ) -> None:
        """Take a record on, or with `required` return once it is acknowledged.

        OverloadedError when too many are pending, PublishError only with `required`.
        """
        if len(self._pending) >= self._capacity:
            raise OverloadedError(f"{len(self._pending)} records wait to be recorded")
        if self._required:
            await self._track(self._publisher.publish(topic, key=key, value=value, headers=headers))
        else:
            self._track(self._persist(topic, key, value, headers))

    async def drain(self) -> None:
        """Return when every record taken on is acknowledged."""
        while self._pending:
            await asyncio.wait(set(self._pending))

    async def stop(self) -> None:
        """Give up what is still pending, and say how much that was."""
        lost = set(self._pending)
        for task in lost:
            task.cancel()
        await asyncio.gather(*lost, return_exceptions=True)
        if lost:
            _log.error("outgoing_records_lost", records=len(lost))

    def _track(self, publishing: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(publishing)
        self._pending.add(task)
        self._pending_gauge.set(len(self._pending))
        task.add_done_callback(self._settle)
        return task

    def _settle(self, task: asyncio.Task[None]) -> None:
        self._pending.discard(task)
        self._pending_gauge.set(len(self._pending))
        if not self._required and not task.cancelled() and task.exception() is not None:
            _log.error("outgoing_record_refused", error=type(task.exception()).__name__)

    async def _persist(
        self, topic: str, key: bytes | None, value: bytes, headers: Mapping[str, bytes] | None
    ) -> None:
        """Publish, again and again; TooLargeError for a record that no broker will ever take."""
        wait = _FIRST_RETRY_SECONDS
        while True:
            try:
                await self._publisher.publish(topic, key=key, value=value, headers=headers)
            except PublishError as error:
                _log.warning("outgoing_retry", topic=topic, error=error.message, seconds=wait)
                await self._clock.sleep(wait)
                wait = min(2 * wait, _LONGEST_RETRY_SECONDS)
            else:
                return
