"""A Faust agent: the driver of domain streams."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any, cast

import structlog
from aiokafka.errors import KafkaError
from faust.streams import Stream
from faust.types import TP, EventT, StreamT

from services.chassis.clock import Clock
from services.chassis.errors import PalisadeError
from services.chassis.settings import KafkaSettings
from services.chassis.streams.drivers.driver import DRAIN_SHARE, PartitionProgress
from services.chassis.streams.drivers.faust_app import FaustApp, GuardedConsumer, new_app
from services.chassis.streams.drivers.patience import RETRY_SECONDS, Patience
from services.chassis.streams.event import Event
from services.chassis.streams.failures import ConsumerFailedError
from services.chassis.streams.stage import Stage
from services.chassis.streams.strategy import Strategy

_STOP_SECONDS = 15.0
_GATHER_SECONDS = 0.02

_log = structlog.get_logger(__name__)


class FaustDriver:
    """One Faust application with one agent, for the consumer group is the application's id.

    The agent takes events without acknowledging them; they are acknowledged one by one in the
    order of completion, because Faust would otherwise commit past an event still in flight.
    """

    def __init__(self, stage: Stage, *, group: str, kafka: KafkaSettings, clock: Clock) -> None:
        self._stage = stage
        self._group = group
        self._kafka = kafka
        self._clock = clock
        self._app: FaustApp | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping: asyncio.Task[None] | None = None
        self._acknowledgeable: deque[EventT[Any]] = deque()
        self._has_acknowledgeable = asyncio.Event()
        self._unacknowledged: StreamT[Any] | None = None
        self._completed: dict[int, int] = {}

    def completed(self, event: Event, token: object) -> None:
        """See `StreamDriver.completed`."""
        self._completed[event.partition] = event.offset + 1
        self._acknowledgeable.append(cast("EventT[Any]", token))
        self._has_acknowledgeable.set()

    async def start(self, strategy: Strategy) -> None:
        """See `StreamDriver.start`."""
        self._strategy = strategy
        self._loop = asyncio.get_running_loop()
        self._app = app = new_app(self._group, self._kafka, rebalance_started=self._on_rebalance_start)
        topic = app.topic(
            self._stage.topic,
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
        )
        app.agent(topic, name=self._stage.name, concurrency=1)(self._consume)
        app.finalize()
        self._tasks = [asyncio.create_task(self._run(app))]

    async def drain(self) -> None:
        """See `StreamDriver.drain`. Faust itself waits until everything taken is acknowledged."""
        await asyncio.shield(self._stop_app())

    async def stop(self) -> None:
        """See `StreamDriver.stop`."""
        app, self._app = self._app, None
        if app is None:
            return
        await self._strategy.terminate()
        self._acknowledgeable.clear()
        _forget_unacknowledged(app)
        _, unfinished = await asyncio.wait({self._stop_app(app)}, timeout=_STOP_SECONDS)
        if unfinished:
            _log.error("faust_stop_timed_out", stage=self._stage.name)
        for task in [*self._tasks, *unfinished]:
            task.cancel()
        await asyncio.gather(*self._tasks, *unfinished, return_exceptions=True)

    async def progress(self) -> Mapping[int, PartitionProgress]:
        """See `StreamDriver.progress`."""
        if self._app is None or not self._app.started:
            return {}
        consumer = self._app.consumer
        try:
            assigned = consumer.assignment()
            ends = await consumer.highwaters(*assigned)
            return {tp.partition: PartitionProgress(await self._next(tp), ends[tp] or 0) for tp in assigned}
        except Exception as error:  # boundary: Faust's consumer thread raises what aiokafka and mode raise
            raise ConsumerFailedError(f"no progress known: {type(error).__name__}") from error

    async def _run(self, app: FaustApp) -> None:
        """Start the application and help it along until it ends."""
        helpers = [
            asyncio.create_task(self._keep_acknowledging(app)),
            asyncio.create_task(self._heed_errors(app)),
        ]
        try:
            await app.start()
            await app.wait_until_stopped()
            if not app.crashed:
                await self._stop_app(app)
        except Exception as error:  # noqa: BLE001 - boundary: a task nobody awaits must not fail unseen
            self._strategy.fail(ConsumerFailedError(f"Faust failed: {type(error).__name__}: {error}"))
        finally:
            for helper in helpers:
                helper.cancel()
        if app.crashed:
            reason = app.crash_reason
            self._strategy.fail(ConsumerFailedError(f"Faust crashed: {type(reason).__name__}: {reason}"))

    async def _consume(self, stream: StreamT[Any]) -> None:
        try:
            self._unacknowledged = unacknowledged = cast("Stream[Any]", stream).noack()
            async for event in unacknowledged.events():
                await self._strategy.room()
                if event.message.generation_id == event.app.consumer_generation_id:
                    self._strategy.accept(_event(event), event)
        except PalisadeError as error:
            # The strategy has failed. An exception here would have Faust restart the agent.
            _log.error("consuming_stopped", stage=self._stage.name, error=error.code)
            await asyncio.Event().wait()

    async def _keep_acknowledging(self, app: FaustApp) -> None:
        """Acknowledge what completes while no further event comes."""
        while True:
            await self._has_acknowledgeable.wait()
            # Far below the commit interval; being woken for every event would cost as much as the event.
            await self._clock.sleep(_GATHER_SECONDS)
            self._has_acknowledgeable.clear()
            await self._acknowledge(app)

    async def _acknowledge(self, app: FaustApp) -> None:
        """Acknowledge what is completed, in the order of completion; it never waits."""
        stream = self._unacknowledged
        while self._acknowledgeable and stream is not None:
            event = self._acknowledgeable.popleft()
            app.release(event.message)
            await stream.ack(event)

    async def _heed_errors(self, app: FaustApp) -> None:
        """Take the group's errors, so that it is joined again; fail with those that will not pass."""
        patience = Patience(self._stage.name)
        while True:
            await self._clock.sleep(RETRY_SECONDS)
            consumer = cast("GuardedConsumer", app.consumer)
            if not app.started or not consumer.started:
                continue
            try:
                await consumer.raise_group_error()
                patience.relieved()
            except KafkaError as error:
                try:
                    patience.bear(error)
                except ConsumerFailedError as failure:
                    self._strategy.fail(failure)
                    return

    def _on_rebalance_start(self) -> None:
        self._loop.call_soon_threadsafe(self._revoke_soon)

    def _revoke_soon(self) -> None:
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(asyncio.create_task(self._revoke()))

    async def _revoke(self) -> None:
        """Drop what does not finish in time, or Faust would wait for it beyond the rebalance timeout."""
        within = self._kafka.rebalance_timeout_seconds * DRAIN_SHARE
        dropped = await self._strategy.revoke(self._strategy.window.partitions(), within=within)
        if dropped and self._app is not None:
            _forget_unacknowledged(self._app)

    def _stop_app(self, app: FaustApp | None = None) -> asyncio.Task[None]:
        app = app or self._app
        assert app is not None
        if self._stopping is None:
            self._stopping = asyncio.create_task(app.stop())
        return self._stopping

    async def _next(self, tp: TP) -> int:
        assert self._app is not None
        completed = self._completed.get(tp.partition)
        if completed is None:
            completed = self._strategy.window.position(tp.partition)
        position: int = (await self._app.consumer.position(tp) or 0) if completed is None else completed
        return position


def _forget_unacknowledged(app: FaustApp) -> None:
    """Have Faust wait no longer, for as long as it takes, for events that were dropped."""
    if app.started:
        app.consumer.unacked.clear()


def _event(event: EventT[Any]) -> Event:
    message = event.message
    return Event(
        message.topic,
        message.partition,
        message.offset,
        event.key,
        event.value or b"",
        dict(message.headers) if message.headers else {},
        message.timestamp or 0.0,
    )
