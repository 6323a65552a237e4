"""A stage worker on a real broker, and what a test wants to know of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from services.chassis.clock import SystemClock
from services.chassis.metrics import Metrics
from services.chassis.settings import KafkaSettings, WorkerSettings
from services.chassis.streams.event import Event
from services.chassis.streams.kafka_publisher import KafkaPublisher
from services.chassis.streams.stage import DeadLetterLimits, Driver, Handler, Stage, WindowLimits
from services.chassis.streams.topics import dead_letters
from services.chassis.streams.worker import StageWorker
from tests.harness.broker import Broker

PARTITIONS = 3
STAGE = "contract.stage"
PATIENCE_SECONDS = 30.0


@dataclass
class Recorder:
    """A handler that remembers, and lets a test wait for a number of events.

    Attributes:
        held: values whose handling waits until `release`.
    """

    held: Sequence[bytes] = ()
    seen: list[Event] = field(default_factory=list)
    started: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._change = asyncio.Condition()
        self._released = asyncio.Event()

    async def __call__(self, event: Event) -> None:
        self.started.append(event)
        await self._notify()
        if event.value in self.held:
            await self._released.wait()
        self.seen.append(event)
        await self._notify()

    def release(self) -> None:
        """Let the held events go on."""
        self._released.set()

    @property
    def values(self) -> list[bytes]:
        """Values handled, in order."""
        return [event.value for event in self.seen]

    async def wait_for(self, values: set[bytes], *, started: bool = False) -> None:
        """Return when all of `values` were handled, or only begun."""
        events = self.started if started else self.seen
        async with asyncio.timeout(PATIENCE_SECONDS), self._change:
            await self._change.wait_for(lambda: values <= {event.value for event in events})

    async def _notify(self) -> None:
        async with self._change:
            self._change.notify_all()


class World:
    """One topic on one broker, its publisher, and workers by the driver under test."""

    def __init__(self, broker: Broker, topic: str, driver: Driver) -> None:
        self.topic = topic
        self.kafka = KafkaSettings(
            bootstrap_servers=broker.bootstrap_servers,
            # A group of its own for each test.
            group_prefix=topic,
            heartbeat_seconds=0.3,
            session_timeout_seconds=6.0,
            rebalance_timeout_seconds=6.0,
            commit_interval_seconds=0.1,
        )
        self._driver = driver
        self.metrics = Metrics("contract")
        self.publisher = KafkaPublisher(self.kafka, metrics=self.metrics, clock=SystemClock())

    def worker(
        self, handler: Handler, *, limits: DeadLetterLimits | None = None, member: str = "", window: int = 64
    ) -> StageWorker:
        """A worker of the stage, not started."""
        stage = Stage(
            STAGE,
            self.topic,
            handler,
            driver=self._driver,
            limits=WindowLimits(window=window, retry_delays_seconds=(0.01, 0.05)),
            dead_letters=limits or DeadLetterLimits(),
        )
        return StageWorker(
            stage,
            self.kafka.model_copy(update={"group_instance_id": member}),
            WorkerSettings(),
            publisher=self.publisher,
            metrics=self.metrics,
            clock=SystemClock(),
        )

    @asynccontextmanager
    async def running(self, worker: StageWorker) -> AsyncIterator[StageWorker]:
        """Start, and stop without a drain."""
        await worker.start()
        try:
            yield worker
        finally:
            await worker.stop()

    async def publish(self, values: Sequence[bytes], *, key: bytes | None = b"k") -> None:
        """Write events in order."""
        for value in values:
            await self.publisher.publish(self.topic, key=key, value=value, headers={"trace": value})

    async def committed(self) -> Mapping[int, int]:
        """Committed offset by partition; 0 where nothing is."""
        partitions = [TopicPartition(self.topic, number) for number in range(PARTITIONS)]
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka.bootstrap_servers)
        await admin.start()
        try:
            group = f"{self.kafka.group_prefix}.{STAGE}"
            offsets = await admin.list_consumer_group_offsets(group, partitions=partitions)
        finally:
            await admin.close()
        return {partition.partition: max(0, offsets[partition].offset) for partition in partitions}


@asynccontextmanager
async def world(broker: Broker, topic: str, driver: Driver) -> AsyncIterator[World]:
    """Topics made and publisher started."""
    await broker.create_topics({topic: PARTITIONS, dead_letters(topic): 1})
    there = World(broker, topic, driver)
    await there.publisher.start()
    try:
        yield there
    finally:
        await there.publisher.stop()
