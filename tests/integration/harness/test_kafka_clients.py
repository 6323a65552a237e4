"""aiokafka, as the project uses it, on the embedded broker and on Apache Kafka."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tests.harness.broker import Broker
from tests.harness.kafka import KafkaCluster

_PARTITIONS = 6
_KEYS = 7


@asynccontextmanager
async def idempotent_producer(servers: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(
        bootstrap_servers=servers,
        enable_idempotence=True,
        acks="all",
        request_timeout_ms=60_000,
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


@asynccontextmanager
async def group_consumer(servers: str, topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=servers,
        group_id=f"{topic}-group",
        group_instance_id="slot-0",
        # Short because the embedded broker makes a returning member wait for it twice.
        session_timeout_ms=2000,
        heartbeat_interval_ms=500,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def send(producer: AIOKafkaProducer, topic: str, numbers: range) -> None:
    for number in numbers:
        await producer.send_and_wait(topic, b"%d" % number, key=b"%d" % (number % _KEYS))


async def receive(consumer: AIOKafkaConsumer, count: int) -> list[int]:
    """Return `count` values in the order of arrival."""
    async with asyncio.timeout(60):
        return [int((await consumer.getone()).value) for _ in range(count)]


def in_order_per_key(values: list[int]) -> bool:
    lanes = [[value for value in values if value % _KEYS == key] for key in range(_KEYS)]
    return all(lane == sorted(lane) for lane in lanes)


async def test_group_reads_all_that_was_produced_in_key_order(broker: Broker, topic_name: str) -> None:
    await broker.create_topics({topic_name: _PARTITIONS})

    async with idempotent_producer(broker.bootstrap_servers) as producer:
        await send(producer, topic_name, range(100))
    async with group_consumer(broker.bootstrap_servers, topic_name) as consumer:
        values = await receive(consumer, 100)

        assert len(consumer.assignment()) == _PARTITIONS
    assert sorted(values) == list(range(100))
    assert in_order_per_key(values)


async def test_next_member_begins_at_the_committed_offset(broker: Broker, topic_name: str) -> None:
    await broker.create_topics({topic_name: 1})
    partition = TopicPartition(topic_name, 0)

    async with idempotent_producer(broker.bootstrap_servers) as producer:
        await send(producer, topic_name, range(10))
    async with group_consumer(broker.bootstrap_servers, topic_name) as first:
        await receive(first, 4)
        await first.commit({partition: 4})
    async with group_consumer(broker.bootstrap_servers, topic_name) as second:
        values = await receive(second, 6)

    assert values == list(range(4, 10))


async def test_trio_loses_nothing_while_a_node_is_killed_and_comes_back(
    real_kafka_trio: KafkaCluster, topic_name: str
) -> None:
    servers = real_kafka_trio.bootstrap_servers
    await real_kafka_trio.create_topics({topic_name: _PARTITIONS})

    async with idempotent_producer(servers) as producer, group_consumer(servers, topic_name) as consumer:
        await send(producer, topic_name, range(20))
        real_kafka_trio.kill(2)
        await send(producer, topic_name, range(20, 40))
        await asyncio.to_thread(real_kafka_trio.restart, 2)
        await send(producer, topic_name, range(40, 60))
        values = await receive(consumer, 60)

    assert sorted(values) == list(range(60))
    assert in_order_per_key(values)
