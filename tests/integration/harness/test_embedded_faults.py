"""Faults of the embedded broker, as clients meet them. Each test has a broker of its own."""

import asyncio
from collections.abc import Iterator

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError

from services.chassis.streams.embedded import EmbeddedBroker

_TOPIC = "faults"


@pytest.fixture
def own_broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker.start({_TOPIC: 1}) as broker:
        yield broker


async def test_a_record_sent_while_the_broker_is_down_arrives_when_it_is_up(
    own_broker: EmbeddedBroker,
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=own_broker.bootstrap_servers, enable_idempotence=True)
    await producer.start()
    try:
        before = await producer.send_and_wait(_TOPIC, b"before", partition=0)
        own_broker.set_down(1)
        waiting = await producer.send(_TOPIC, b"while down", partition=0)
        assert not waiting.done()
        own_broker.set_up(1)
        async with asyncio.timeout(30):
            after = await waiting
    finally:
        await producer.stop()

    assert after.offset == before.offset + 1


async def test_a_client_that_starts_while_the_broker_is_down_is_refused(own_broker: EmbeddedBroker) -> None:
    own_broker.set_down(1)
    producer = AIOKafkaProducer(bootstrap_servers=own_broker.bootstrap_servers)

    with pytest.raises(KafkaConnectionError):
        await producer.start()

    await producer.stop()


async def test_round_trip_delays_the_answer(own_broker: EmbeddedBroker) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=own_broker.bootstrap_servers)
    await producer.start()
    try:
        await producer.send_and_wait(_TOPIC, b"warm", partition=0)
        own_broker.set_round_trip(1, 1.0)
        sending = asyncio.create_task(producer.send_and_wait(_TOPIC, b"slow", partition=0))
        # A busy machine can make the answer later, never earlier.
        _, unanswered = await asyncio.wait({sending}, timeout=0.3)
        await sending
    finally:
        await producer.stop()

    assert unanswered == {sending}
