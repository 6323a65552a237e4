"""How events are worked on, whoever delivers them. It knows no Kafka.

submit(event) → lane of its key → handler, retries inside → finished or dead-lettered
                window of W in flight; completed strictly in the order of each partition
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection

from services.chassis.clock import Clock
from services.chassis.errors import PalisadeError
from services.chassis.streams.attempts import Attempts
from services.chassis.streams.dead_letters import DeadLetters
from services.chassis.streams.event import Event
from services.chassis.streams.failures import ConsumerFailedError
from services.chassis.streams.stage import Stage
from services.chassis.streams.stage_metrics import StageMetrics
from services.chassis.streams.window import OrderedWindow, Work

Completed = Callable[[Event, object], None]


class Strategy:
    """Works on the events of one stage.

    Few tasks serve many events: a worker takes ready events until there are none, and another
    is called in only when the first had to wait, so that handlers which finish at once cost no
    task each. `completed(event, token)` is called in the order of each partition, for an event
    that is done or whose dead letter is acknowledged. All methods belong to one event loop.
    """

    def __init__(
        self,
        stage: Stage,
        *,
        dead_letters: DeadLetters,
        completed: Completed,
        metrics: StageMetrics,
        clock: Clock,
    ) -> None:
        self.window = OrderedWindow(completed)
        self._limit = stage.limits.window
        # Whoever waits for room is woken when an eighth of the window is free, not for every event.
        self._refill = self._limit - max(1, self._limit // 8)
        self._attempts = Attempts(stage, metrics=metrics, clock=clock)
        self._dead_letters = dead_letters
        self._metrics = metrics
        self._clock = clock
        self._lanes: dict[bytes, Work] = {}
        self._ready: deque[Work] = deque()
        self._workers: set[asyncio.Task[None]] = set()
        # What workers without work wait for; making a task costs more than waking one.
        self._resting: list[asyncio.Future[None]] = []
        self._calling = False
        self._terminated = False
        self._expiry: asyncio.Task[None] | None = None
        self._room = asyncio.Event()
        self._room.set()
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.failure: asyncio.Future[PalisadeError] = self._loop.create_future()

    async def submit(self, event: Event, token: object = None) -> None:
        """Accept an event, waiting for room first. Raises what stopped the stage."""
        await self.room()
        self.accept(event, token)

    async def room(self) -> None:
        """Return when the window has room: the driver's back-pressure. Raises what stopped the stage."""
        while not self._room.is_set():
            await self._room.wait()
        if self.failure.done():
            raise self.failure.result()

    def accept(self, event: Event, token: object = None) -> None:
        """Accept an event; `room` must have returned since the last one. Ignored once terminated."""
        if self._terminated:
            return
        work = Work(event, token)
        self.window.add(work)
        if self.window.size >= self._limit:
            self._room.clear()
        key = event.key
        if key is None:
            self._ready.append(work)
        else:
            last = self._lanes.get(key)
            self._lanes[key] = work
            if last is None:
                self._ready.append(work)
            else:
                last.following = work
        if not self._calling:
            self._call_worker_soon()

    async def drain(self) -> None:
        """Return when everything accepted is completed, or the stage has failed."""
        await self._until(lambda: self.window.size == 0)

    async def revoke(self, partitions: Collection[int], *, within: float) -> int:
        """Finish what is in flight of `partitions` within that many seconds, then drop the rest.

        Returns how many events were dropped.
        """
        finishing = asyncio.ensure_future(self._until(lambda: not self.window.holds(partitions)))
        limit = asyncio.ensure_future(self._clock.sleep(within))
        try:
            await asyncio.wait({finishing, limit}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            finishing.cancel()
            limit.cancel()
        return self.drop(partitions)

    def drop(self, partitions: Collection[int]) -> int:
        """Break off what is in flight of `partitions`; none of it completes. Returns how much it was."""
        dropped = self.window.drop(partitions)
        for work in dropped:
            self._attempts.interrupt(work)
        self._after_change()
        return len(dropped)

    async def terminate(self) -> None:
        """Break off everything; nothing completes any more."""
        self._terminated = True
        self._ready.clear()
        self._resting.clear()
        self.drop(self.window.partitions())
        tasks = [*self._workers, *([self._expiry] if self._expiry else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._expiry = None

    def fail(self, error: PalisadeError) -> None:
        """Stop for `error`: no further event is started or accepted. The first error stays."""
        if not self.failure.done():
            self.failure.set_result(error)
        self._ready.clear()
        self._room.set()
        self._changed.set()

    async def _until(self, reached: Callable[[], bool]) -> None:
        while not reached() and not self.failure.done():
            self._changed.clear()
            await self._changed.wait()

    def _call_worker_soon(self) -> None:
        self._calling = True
        self._loop.call_soon(self._call_worker)

    def _call_worker(self) -> None:
        """Call in one worker; if it has to wait while events are ready, it calls in the next."""
        self._calling = False
        if not self._ready:
            return
        if self._expiry is None:
            self._expiry = self._loop.create_task(self._attempts.expire())
        if self._resting:
            self._resting.pop().set_result(None)
        else:
            self._workers.add(self._loop.create_task(self._work()))

    async def _work(self) -> None:
        """Conclude ready events, rest when there are none."""
        task = asyncio.current_task()
        assert task is not None
        try:
            while True:
                while self._ready:
                    work = self._ready.popleft()
                    if self._ready and not self._calling:
                        self._call_worker_soon()
                    if not work.dropped:
                        await self._conclude(work, task)
                    self._release_lane(work)
                # A cancellation that also interrupted an attempt was used up by that attempt.
                if self._terminated:
                    return
                called = self._loop.create_future()
                self._resting.append(called)
                await called
        except PalisadeError as error:
            self.fail(error)
        except Exception as error:  # noqa: BLE001 - boundary: a task nobody awaits must not fail unseen
            self.fail(ConsumerFailedError(f"worker failed: {type(error).__name__}: {error}"))
        finally:
            self._workers.discard(task)

    async def _conclude(self, work: Work, task: asyncio.Task[None]) -> None:
        """Bring one event to its end: done, dead-lettered, or dropped on the way."""
        failure = await self._attempts.run(work, task)
        if work.dropped:
            return
        if failure is None:
            self._dead_letters.done()
            self._metrics.done()
        else:
            await self._dead_letters.send(work.event, failure)
            self._metrics.given_up(failure.reason)
        self.window.finish(work)
        self._after_change()

    def _release_lane(self, work: Work) -> None:
        key = work.event.key
        if work.following is not None:
            if not self.failure.done():
                self._ready.append(work.following)
                work.following = None
        elif key is not None and self._lanes.get(key) is work:
            del self._lanes[key]

    def _after_change(self) -> None:
        if self.window.size <= self._refill:
            self._room.set()
        self._changed.set()
