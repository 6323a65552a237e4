"""Decisions in by Kafka, enforcement events out, through the whole service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord

from services.chassis.clock import SystemClock
from services.chassis.streams.embedded import EmbeddedBroker
from services.chassis.streams.topics import (
    ENFORCEMENT_EVENTS,
    JOINT_DECISIONS,
    dead_letters,
    with_dead_letters,
)
from services.contracts.enforcement.v1 import enforcement_pb2 as pb
from services.contracts.vocabulary import Decision
from tests.integration.enforcement.conftest import LadderFile
from tests.integration.enforcement.service import embedded_settings, running, stub_of
from tests.unit.enforcement.test_decisions_stream import VIOLENT, joint

_ACCOUNTS = ("a", "b", "c")
_DECISIONS = 4
_PATIENCE_SECONDS = 60


@pytest.fixture
def kafka() -> Iterator[str]:
    with EmbeddedBroker.start(with_dead_letters(partitions=2)) as broker:
        yield broker.bootstrap_servers


@asynccontextmanager
async def consumer(kafka: str, topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    made = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


async def read(kafka: str, topic: str, count: int) -> list[ConsumerRecord]:
    async with consumer(kafka, topic) as records, asyncio.timeout(_PATIENCE_SECONDS):
        return [await records.getone() for _ in range(count)]


@pytest.mark.parametrize("driver", ["faust", "aiokafka"])
async def test_decisions_strike_once_and_are_announced_in_order(
    database_url: str, ladder_file: LadderFile, kafka: str, driver: str
) -> None:
    settings = embedded_settings(
        database={"url": database_url},
        enforcement={"ladder": ladder_file.path},
        kafka={"bootstrap_servers": kafka},
        worker={"driver": driver},
    )
    started = SystemClock().now()
    async with running(settings) as service, stub_of(service) as stub:
        producer = AIOKafkaProducer(bootstrap_servers=kafka)
        await producer.start()
        await producer.send_and_wait(JOINT_DECISIONS, b"\xff\xff\xff", key=b"a")
        for number in range(_DECISIONS):
            for account in _ACCOUNTS * 2:
                decided = joint(
                    Decision.BLOCK,
                    VIOLENT,
                    account=account,
                    tenant="local",
                    event_id=f"{account}-{number}",
                    occurred_at=started,
                    generation=f"generation-{account}-{number}",
                )
                await producer.send_and_wait(JOINT_DECISIONS, decided, key=account.encode())
        await producer.stop()

        announced = await read(kafka, ENFORCEMENT_EVENTS, len(_ACCOUNTS) * _DECISIONS)
        messages = [pb.EnforcementEvent.FromString(record.value) for record in announced]
        for account in _ACCOUNTS:
            own = [message for message in messages if message.event.account == account]
            assert [message.event.sequence for message in own] == list(range(1, _DECISIONS + 1))
            assert own[-1].standing.level == 4
            access = await stub.CheckAccess(pb.CheckAccessRequest(account=account, feature=1))
            assert (access.allowed, access.level) == (False, 4)
        (poison,) = await read(kafka, dead_letters(JOINT_DECISIONS), 1)
        assert poison.value == b"\xff\xff\xff"
        assert b"MALFORMED" in [value for _, value in poison.headers]
