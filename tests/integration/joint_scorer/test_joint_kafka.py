"""The scorer as a process runs it, its two topics on a broker, its halves in a database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiokafka
import pytest

from services.chassis.service import Service
from services.chassis.settings import (
    AuthSettings,
    GrpcSettings,
    KafkaSettings,
    LifecycleSettings,
    MetricsSettings,
    WorkerSettings,
)
from services.chassis.streams.embedded import EmbeddedBroker
from services.chassis.streams.topics import (
    IMAGE_SIGNALS,
    JOINT_DECISIONS,
    PROMPT_DECISIONS,
    with_dead_letters,
)
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as pb
from services.contracts.vocabulary import Decision
from services.joint_scorer.app import build
from services.joint_scorer.settings import JointScorerSettings, JointSettings
from tests.integration.joint_scorer.test_joint_stream import image, prompt

GENERATIONS = 20


def scorer(broker: EmbeddedBroker, database: Path, driver: str) -> Service:
    settings = JointScorerSettings(
        profile="embedded",
        auth=AuthSettings(mode="off"),
        grpc=GrpcSettings(address="127.0.0.1:0"),
        kafka=KafkaSettings(bootstrap_servers=broker.bootstrap_servers),
        worker=WorkerSettings(driver=driver),
        metrics=MetricsSettings(address=""),
        lifecycle=LifecycleSettings(propagation_seconds=0),
        joint=JointSettings(database_url=f"sqlite+aiosqlite:///{database}"),
    )
    return build(settings)


@pytest.mark.parametrize("driver", ["faust", "aiokafka"])
async def test_halves_on_two_topics_become_decisions(tmp_path: Path, driver: str) -> None:
    with EmbeddedBroker.start(with_dead_letters(2)) as broker:
        await publish(broker.bootstrap_servers)
        service = scorer(broker, tmp_path / "joint.db", driver)
        await service.start()
        decided = await consume(broker.bootstrap_servers, GENERATIONS)
        await service.drain()
        await service.stop()
    assert sorted(decided) == sorted(f"g{number}" for number in range(GENERATIONS))
    assert set(decided.values()) == {Decision.REVIEW}


async def publish(servers: str) -> None:
    async with aiokafka.AIOKafkaProducer(bootstrap_servers=servers) as producer:
        for number in range(GENERATIONS):
            for topic, event in (
                (PROMPT_DECISIONS, prompt(f"g{number}", 0.6)),
                (IMAGE_SIGNALS, image(f"g{number}", 0.6)),
            ):
                await producer.send_and_wait(topic, event.value, key=event.key)


async def consume(servers: str, count: int) -> dict[str, int]:
    """Decisions by generation, once there are `count` of them."""
    consumer = aiokafka.AIOKafkaConsumer(
        JOINT_DECISIONS, bootstrap_servers=servers, auto_offset_reset="earliest"
    )
    decided: dict[str, int] = {}
    async with consumer, asyncio.timeout(60):
        async for record in consumer:
            event = pb.JointDecided.FromString(record.value)
            decided[event.generation_id] = event.verdict.decision
            if len(decided) == count:
                break
    return decided
