"""A bare aiokafka consumer: the driver of hot stages."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, OffsetAndMetadata, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from services.chassis.clock import Clock
from services.chassis.errors import PalisadeError
from services.chassis.settings import KafkaSettings
from services.chassis.streams.connection import client_arguments
from services.chassis.streams.drivers.driver import (
    DRAIN_SHARE,
    MAX_POLL_RECORDS,
    MAX_POLL_SECONDS,
    PartitionProgress,
)
from services.chassis.streams.drivers.patience import RETRY_SECONDS, Patience
from services.chassis.streams.event import Event
from services.chassis.streams.failures import ConsumerFailedError
from services.chassis.streams.stage import Stage
from services.chassis.streams.strategy import Strategy

_POLL_MS = 1000

_log = structlog.get_logger(__name__)


class AiokafkaDriver:
    """Polls, submits, and commits the contiguous prefix every `commit_interval_seconds`."""

    def __init__(self, stage: Stage, *, group: str, kafka: KafkaSettings, clock: Clock) -> None:
        self._stage = stage
        self._group = group
        self._kafka = kafka
        self._clock = clock
        self._consumer: AIOKafkaConsumer | None = None
        self._polling: asyncio.Task[None] | None = None
        self._committing: asyncio.Task[None] | None = None
        self._patience = Patience(stage.name)
        self._commit_lock = asyncio.Lock()
        # Next offset by partition: completed by the strategy, and known to the broker.
        self._completed: dict[int, int] = {}
        self._committed: dict[int, int] = {}
        # Counts revocations: what was fetched before one must not be submitted after it.
        self._revocations = 0
        # From the start of a revocation to the next assignment, aiokafka still gives out what it
        # had fetched; those records will be delivered again, to us or to another member.
        self._revoking = False

    def completed(self, event: Event, token: object) -> None:
        """See `StreamDriver.completed`."""
        del token
        self._completed[event.partition] = event.offset + 1

    async def start(self, strategy: Strategy) -> None:
        """See `StreamDriver.start`."""
        self._strategy = strategy
        self._consumer = consumer = self._new_consumer()
        await consumer.start()
        consumer.subscribe([self._stage.topic], listener=_Listener(self))
        self._polling = asyncio.create_task(self._poll(consumer))
        self._committing = asyncio.create_task(self._keep_committing())

    async def drain(self) -> None:
        """See `StreamDriver.drain`."""
        await _cancelled(self._polling)
        await self._strategy.drain()
        await _cancelled(self._committing)
        await self._commit()

    async def stop(self) -> None:
        """See `StreamDriver.stop`."""
        await _cancelled(self._polling)
        await _cancelled(self._committing)
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await self._strategy.terminate()
            await consumer.stop()

    async def progress(self) -> Mapping[int, PartitionProgress]:
        """See `StreamDriver.progress`."""
        consumer = self._consumer
        if consumer is None:
            return {}
        try:
            ends = await consumer.end_offsets(list(consumer.assignment()))
            return {
                assigned.partition: PartitionProgress(await self._next(consumer, assigned), end)
                for assigned, end in ends.items()
            }
        except (KafkaError, IllegalStateError) as error:
            raise ConsumerFailedError(f"no progress known: {type(error).__name__}") from error

    async def revoke(self, partitions: Collection[int]) -> None:
        """Finish or drop what is in flight of partitions that go elsewhere, and commit the rest."""
        self._revocations += 1
        self._revoking = True
        within = self._kafka.rebalance_timeout_seconds * DRAIN_SHARE
        await self._strategy.revoke(partitions, within=within)
        await self._commit()
        for partition in partitions:
            self._completed.pop(partition, None)
            self._committed.pop(partition, None)

    def assigned(self) -> None:
        """Begin afresh: what is polled from now on belongs to the new assignment.

        After a join that failed half-way aiokafka may not have revoked all that it had given out.
        Nothing here may wait, or polling could miss the first records of the new assignment.
        """
        self._strategy.drop(self._strategy.window.partitions())
        self._completed.clear()
        self._committed.clear()
        self._revoking = False

    def _new_consumer(self) -> AIOKafkaConsumer:
        kafka = self._kafka
        return AIOKafkaConsumer(
            **client_arguments(kafka),
            group_id=self._group,
            group_instance_id=kafka.group_instance_id or None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=round(kafka.session_timeout_seconds * 1000),
            heartbeat_interval_ms=round(kafka.heartbeat_seconds * 1000),
            rebalance_timeout_ms=round(kafka.rebalance_timeout_seconds * 1000),
            request_timeout_ms=round(kafka.request_timeout_seconds * 1000),
            max_poll_interval_ms=round(MAX_POLL_SECONDS * 1000),
        )

    async def _poll(self, consumer: AIOKafkaConsumer) -> None:
        try:
            while True:
                try:
                    batches = await consumer.getmany(timeout_ms=_POLL_MS, max_records=MAX_POLL_RECORDS)
                except KafkaError as error:
                    self._patience.bear(error)
                    await self._clock.sleep(RETRY_SECONDS)
                else:
                    self._patience.relieved()
                    if not self._revoking:
                        await self._submit(batches)
        except PalisadeError as error:
            self._strategy.fail(error)
        except Exception as error:  # noqa: BLE001 - boundary: a task nobody awaits must not fail unseen
            self._strategy.fail(ConsumerFailedError(f"polling failed: {type(error).__name__}: {error}"))

    async def _submit(self, batches: Mapping[TopicPartition, list[ConsumerRecord]]) -> None:
        strategy = self._strategy
        revocations = self._revocations
        for records in batches.values():
            for record in records:
                await strategy.room()
                if revocations != self._revocations:
                    return
                strategy.accept(_event(record))

    async def _keep_committing(self) -> None:
        while True:
            await self._clock.sleep(self._kafka.commit_interval_seconds)
            try:
                await self._commit()
            except Exception as error:  # noqa: BLE001 - boundary: a task nobody awaits must not fail unseen
                self._strategy.fail(
                    ConsumerFailedError(f"committing failed: {type(error).__name__}: {error}")
                )
                return

    async def _commit(self) -> None:
        """Commit what is completed. A refusal is no loss: what is not committed is delivered again."""
        async with self._commit_lock:
            consumer = self._consumer
            if consumer is None:
                return
            due = {
                partition: offset
                for partition, offset in self._completed.items()
                if self._committed.get(partition) != offset
                and TopicPartition(self._stage.topic, partition) in consumer.assignment()
            }
            if not due:
                return
            try:
                await consumer.commit(
                    {
                        TopicPartition(self._stage.topic, partition): OffsetAndMetadata(offset, "")
                        for partition, offset in due.items()
                    }
                )
            except (CommitFailedError, IllegalStateError, KafkaError) as error:
                _log.warning("commit_failed", stage=self._stage.name, error=type(error).__name__)
            else:
                self._committed.update(due)

    async def _next(self, consumer: AIOKafkaConsumer, assigned: TopicPartition) -> int:
        completed = self._completed.get(assigned.partition)
        if completed is None:
            completed = self._strategy.window.position(assigned.partition)
        position: int = await consumer.position(assigned) if completed is None else completed
        return position


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    def __init__(self, driver: AiokafkaDriver) -> None:
        self._driver = driver

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        await self._driver.revoke([partition.partition for partition in revoked])

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        self._driver.assigned()
        _log.info("partitions_assigned", partitions=sorted(partition.partition for partition in assigned))


def _event(record: ConsumerRecord) -> Event:
    return Event(
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value or b"",
        dict(record.headers) if record.headers else {},
        record.timestamp / 1000,
    )


async def _cancelled(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
