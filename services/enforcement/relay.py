"""Carries announcements from the outbox to the topic: none lost, in order per account."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from services.chassis.clock import Clock
from services.chassis.errors import UnavailableError
from services.chassis.streams.publisher import Publisher
from services.chassis.streams.topics import ENFORCEMENT_EVENTS
from services.enforcement.events import AccountKey
from services.enforcement.outbox import Outbox, OutboxRecord

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RelayLimits:
    """Pace of the relay, in seconds. Retries never end: an announcement is never given up."""

    batch: int = 200
    poll_seconds: float = 0.5
    retry_seconds: float = 1.0
    max_retry_seconds: float = 60.0
    lease_seconds: float = 30.0


class OutboxRelay:
    """A component: publishes what is pending, and marks it once it is acknowledged.

    Whoever holds the lease publishes, so that two replicas do not mix an account's order. A crash
    between acknowledgement and mark publishes a record again, under the same event id.
    """

    name = "outbox_relay"

    def __init__(
        self,
        outbox: Outbox,
        publisher: Publisher,
        *,
        clock: Clock,
        limits: RelayLimits,
        observe: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Take `observe` to tell it the age in seconds of the oldest announcement after each round."""
        self._outbox = outbox
        self._publisher = publisher
        self._clock = clock
        self._limits = limits
        self._observe = observe
        self._holder = uuid.uuid4().hex
        self._appended = asyncio.Event()
        self._round = asyncio.Lock()
        self._oldest: float | None = None
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Something was appended: do not wait for the next poll."""
        self._appended.set()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def drain(self) -> None:
        """Publish what is pending, as far as the broker takes it; the rest stays for the next start."""
        with contextlib.suppress(UnavailableError):
            while await self.publish_pending():
                pass

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def publish_pending(self) -> int:
        """One round: how many were published. UnavailableError where some could not be."""
        async with self._round:
            now = self._clock.now()
            if not await self._outbox.lease(self._holder, now=now, seconds=self._limits.lease_seconds):
                return 0
            lanes = _by_account(await self._outbox.pending(self._limits.batch))
            # Nothing new is begun when the lease is half over, so that it is over before another's begins.
            until = now + self._limits.lease_seconds / 2
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._publish_lane(lane, until)) for lane in lanes]
            results = [task.result() for task in tasks]
            published = [position for positions, _ in results for position in positions]
            if published:
                await self._outbox.mark_published(published, now=self._clock.now())
            for _, error in results:
                if error is not None:
                    raise error
            return len(published)

    async def _publish_lane(
        self, lane: Sequence[OutboxRecord], until: float
    ) -> tuple[list[int], UnavailableError | None]:
        """One account's records in order; the first that fails holds back those behind it."""
        done: list[int] = []
        for record in lane:
            if self._clock.now() >= until:
                break
            try:
                await self._publisher.publish(
                    ENFORCEMENT_EVENTS,
                    key=f"{record.key.tenant}:{record.key.account}".encode(),
                    value=record.payload,
                    headers={"event-id": record.event_id.encode()},
                )
            except UnavailableError as error:
                return done, error
            done.append(record.position)
        return done, None

    async def _run(self) -> None:
        delay = self._limits.retry_seconds
        while True:
            self._appended.clear()
            published = await self._attempt()
            if published is None:
                await self._clock.sleep(delay)
                delay = min(delay * 2, self._limits.max_retry_seconds)
                continue
            delay = self._limits.retry_seconds
            if not published:
                await self._wait()

    async def _attempt(self) -> int | None:
        """How many were published; None where it failed and is to be tried again, however often."""
        try:
            published = await self.publish_pending()
        except UnavailableError as error:
            _log.warning("outbox_not_published", code=error.code)
            published = None
        except Exception:  # noqa: BLE001 - boundary: a relay that died would hold everything back unseen
            _log.exception("outbox_failed")
            published = None
        await self._report()
        return published

    async def _report(self) -> None:
        """Tell the age of the oldest, which grows while nothing is published or the store is away."""
        with contextlib.suppress(UnavailableError):
            self._oldest = await self._outbox.oldest_pending()
        self._observe(0.0 if self._oldest is None else max(0.0, self._clock.now() - self._oldest))

    async def _wait(self) -> None:
        """Until something is appended here, or the poll is due for what other replicas append."""
        poll = asyncio.create_task(self._clock.sleep(self._limits.poll_seconds))
        woken = asyncio.create_task(self._appended.wait())
        _, waiting = await asyncio.wait({poll, woken}, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()


def _by_account(records: Sequence[OutboxRecord]) -> list[list[OutboxRecord]]:
    """Records that must keep their order together, each in it."""
    lanes: dict[AccountKey, list[OutboxRecord]] = {}
    for record in sorted(records, key=lambda record: record.position):
        lanes.setdefault(record.key, []).append(record)
    return list(lanes.values())
