"""A Faust agent with explicit acknowledgement on both brokers."""

import asyncio

import faust
from aiokafka import AIOKafkaProducer

from tests.harness.broker import Broker


def build_app(name: str, servers: str) -> faust.App:
    addresses = ";".join(f"aiokafka://{address}" for address in servers.split(","))
    return faust.App(
        name,
        broker=addresses,
        store="memory://",
        loop=asyncio.get_running_loop(),
        autodiscover=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        stream_wait_empty=False,
        consumer_auto_offset_reset="earliest",
        broker_commit_interval=0.1,
    )


async def produce(servers: str, topic: str, values: list[bytes]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers, enable_idempotence=True)
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def test_agent_receives_every_record(broker: Broker, topic_name: str) -> None:
    await broker.create_topics({topic_name: 2})
    sent = [b"%d" % number for number in range(20)]
    app = build_app(topic_name, broker.bootstrap_servers)
    received: asyncio.Queue[bytes] = asyncio.Queue()

    async def collect(stream: faust.StreamT[bytes]) -> None:
        # Only the class, not Faust's interface, knows `noack`.
        assert isinstance(stream, faust.Stream)
        async for event in stream.noack().events():
            await received.put(event.value)
            await stream.ack(event)

    app.agent(app.topic(topic_name, value_type=bytes, value_serializer="raw"), name="collect")(collect)
    await produce(broker.bootstrap_servers, topic_name, sent)
    await app.start()
    try:
        async with asyncio.timeout(60):
            values = [await received.get() for _ in sent]
    finally:
        await app.stop()

    assert sorted(values) == sorted(sent)
