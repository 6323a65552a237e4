"""Everything that is written to the topics, for tests that wait for what must come."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from google.protobuf.message import DecodeError, Message

from services.chassis.streams.topics import with_dead_letters
from tests.integration.system.waiting import PATIENCE_SECONDS, eventually

M = TypeVar("M", bound=Message)


class Tap:
    """Reads every topic from its beginning, writes as another producer would, and knows how far groups are.

    It belongs to no consumer group, so that it takes nothing from the services.
    """

    def __init__(self, bootstrap_servers: str, *, partitions: int) -> None:
        self._partitions = partitions
        self._consumer = AIOKafkaConsumer(
            *with_dead_letters(partitions),
            bootstrap_servers=bootstrap_servers,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers)
        self._admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
        self._records: defaultdict[str, list[ConsumerRecord]] = defaultdict(list)
        self._positions: defaultdict[TopicPartition, int] = defaultdict(int)
        self._arrived = asyncio.Condition()
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._admin.start()
        await self._producer.start()
        await self._consumer.start()
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._reading is not None
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._consumer.stop()
        await self._producer.stop()
        await self._admin.close()

    async def write(self, topic: str, value: bytes | Message, *, key: str) -> ConsumerRecord:
        """Write a record; its topic, partition and offset."""
        content = value.SerializeToString() if isinstance(value, Message) else value
        return await self._producer.send_and_wait(topic, content, key=key.encode())

    async def records(
        self, topic: str, matches: Callable[[ConsumerRecord], bool], *, count: int = 1
    ) -> list[ConsumerRecord]:
        """Those that match, once there are `count`. TimeoutError where they do not come."""
        seen = 0
        found: list[ConsumerRecord] = []
        async with asyncio.timeout(PATIENCE_SECONDS), self._arrived:
            while len(found) < count:
                fresh = self._records[topic][seen:]
                seen += len(fresh)
                found += filter(matches, fresh)
                if len(found) < count:
                    await self._arrived.wait()
        return found

    async def message(self, topic: str, kind: type[M], matches: Callable[[M], bool]) -> M:
        """The first message of this kind that matches, once it is there."""
        (record, *_) = await self.records(topic, lambda record: _reads_as(record, kind, matches))
        return kind.FromString(record.value)

    def messages(self, topic: str, kind: type[M], matches: Callable[[M], bool]) -> list[M]:
        """The messages of this kind that match among those that came so far."""
        records = [record for record in self._records[topic] if _reads_as(record, kind, matches)]
        return [kind.FromString(record.value) for record in records]

    async def caught_up(self, group: str, topic: str) -> None:
        """Return once the group has committed all that is in the topic: its lag is 0."""

        async def done() -> bool:
            ends = await self._ends(topic)
            committed = await self._admin.list_consumer_group_offsets(group, partitions=list(ends))
            return all(max(0, committed[partition].offset) == end for partition, end in ends.items())

        await eventually(done, what=f"{group} to catch up on {topic}")

    async def read_to_end(self, topic: str) -> None:
        """Return once `messages` knows all that is in the topic."""

        async def done() -> bool:
            ends = await self._ends(topic)
            return all(self._positions[partition] == end for partition, end in ends.items())

        await eventually(done, what=f"the end of {topic}")

    async def _ends(self, topic: str) -> dict[TopicPartition, int]:
        partitions = [TopicPartition(topic, number) for number in range(self._partitions)]
        ends: dict[TopicPartition, int] = await self._consumer.end_offsets(partitions)
        return ends

    async def _read(self) -> None:
        async for record in self._consumer:
            async with self._arrived:
                self._records[record.topic].append(record)
                self._positions[TopicPartition(record.topic, record.partition)] = record.offset + 1
                self._arrived.notify_all()


def _reads_as(record: ConsumerRecord, kind: type[M], matches: Callable[[M], bool]) -> bool:
    with contextlib.suppress(DecodeError):
        return matches(kind.FromString(record.value))
    return False
