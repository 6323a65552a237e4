"""Reads a topic's dead letters and their ledger, bounded by what was there when it began.

The dead-letter topic is its own ledger: after a replay is acknowledged, a record that names the
dead letter as settled is appended to it. What is not settled is open.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from services.chassis.clock import Clock
from services.chassis.errors import NotFoundError
from services.chassis.settings import KafkaSettings
from services.chassis.streams import dead_letters as headers_named
from services.chassis.streams.connection import client_arguments, wait_for_broker
from services.chassis.streams.topics import dead_letters

SETTLED: Final = headers_named.PREFIX + "settled"

_SUFFIX: Final = dead_letters("")
_POLL_MS = 1000


@dataclass(frozen=True, slots=True)
class DeadLetterInfo:
    """One open dead letter, without its payload.

    Attributes:
        partition, offset: of the dead letter itself.
        origin: `topic[partition]@offset` of the event that failed.
        age_seconds: since it became a dead letter, by the broker's time.
        first_seen: seconds since the epoch at the first attempt ever.
        key_hash: of the event's key, to tell keys apart without showing them; empty without a key.
    """

    partition: int
    offset: int
    reason: str
    message: str
    stage: str
    attempts: int
    origin: str
    age_seconds: float
    first_seen: float
    key_hash: str
    value_bytes: int
    replayable: bool


def key_hash(key: bytes | None) -> str:
    """Twelve hexadecimal digits of SHA-256."""
    return hashlib.sha256(key).hexdigest()[:12] if key is not None else ""


@dataclass(frozen=True, slots=True)
class DeadLetterRecord:
    """An open dead letter as it lies in Kafka."""

    record: ConsumerRecord
    headers: Mapping[str, bytes]

    @property
    def position(self) -> str:
        """`partition:offset`, what a settlement names."""
        return f"{self.record.partition}:{self.record.offset}"

    @property
    def topic(self) -> str:
        """Where the event came from and a replay goes."""
        return self.text(headers_named.TOPIC)

    @property
    def replayable(self) -> bool:
        """Whether the value is here and the origin is the topic these dead letters belong to."""
        complete = headers_named.VALUE_OMITTED not in self.headers
        return complete and dead_letters(self.topic) == str(self.record.topic)

    def text(self, name: str) -> str:
        """A header as text, empty where it is absent."""
        return self.headers.get(name, b"").decode(errors="replace")

    def info(self, now: float) -> DeadLetterInfo:
        """Describe it without its payload."""
        partition, offset = self.text(headers_named.PARTITION), self.text(headers_named.OFFSET)
        return DeadLetterInfo(
            partition=self.record.partition,
            offset=self.record.offset,
            reason=self.text(headers_named.REASON),
            message=self.text(headers_named.MESSAGE),
            stage=self.text(headers_named.STAGE),
            attempts=int(self.text(headers_named.ATTEMPTS) or 0),
            origin=f"{self.topic}[{partition}]@{offset}",
            age_seconds=max(0.0, now - self.record.timestamp / 1000),
            first_seen=float(self.text(headers_named.FIRST_SEEN) or 0.0),
            key_hash=key_hash(self.record.key),
            value_bytes=len(self.record.value or b""),
            replayable=self.replayable,
        )


async def open_dead_letters(kafka: KafkaSettings, topic: str, *, clock: Clock) -> list[DeadLetterRecord]:
    """The unsettled dead letters of `topic` (or of `topic` without its suffix), oldest first.

    NotFoundError for a topic without dead letters' topic, BrokerUnavailableError without a broker.
    """
    letters: dict[str, DeadLetterRecord] = {}
    settled: set[str] = set()
    name = dead_letter_topic(topic)
    await wait_for_broker(kafka, clock=clock)
    await _require_topic(kafka, name)
    async with _consumer(kafka, name) as consumer:
        async for record in _whole(consumer):
            headers = dict(record.headers)
            if SETTLED in headers:
                settled.add(headers[SETTLED].decode())
            else:
                letter = DeadLetterRecord(record, headers)
                letters[letter.position] = letter
    unsettled = [letter for position, letter in letters.items() if position not in settled]
    return sorted(unsettled, key=lambda letter: (letter.record.timestamp, letter.record.partition))


def dead_letter_topic(topic: str) -> str:
    """The dead letters of `topic`; a name that already is one stays."""
    return topic if topic.endswith(_SUFFIX) else dead_letters(topic)


@asynccontextmanager
async def _consumer(kafka: KafkaSettings, topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    # Without a group it is assigned every partition.
    consumer = AIOKafkaConsumer(
        topic, **client_arguments(kafka), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def _require_topic(kafka: KafkaSettings, topic: str) -> None:
    # Asked for by name, some brokers would create it.
    client = AIOKafkaConsumer(**client_arguments(kafka))
    await client.start()
    try:
        if topic not in await client.topics():
            raise NotFoundError(f"there is no topic {topic}")
    finally:
        await client.stop()


async def _whole(consumer: AIOKafkaConsumer) -> AsyncIterator[ConsumerRecord]:
    """Every record up to the ends that were true at the beginning."""
    partitions = consumer.assignment()
    ends = await consumer.end_offsets(partitions)
    unread = {partition for partition in partitions if await consumer.position(partition) < ends[partition]}
    while unread:
        batches = await consumer.getmany(*unread, timeout_ms=_POLL_MS)
        for partition, records in batches.items():
            for record in records:
                if record.offset < ends[partition]:
                    yield record
        unread = {partition for partition in unread if await consumer.position(partition) < ends[partition]}
