"""CI's slice of chaos: on each kind of broker, both drivers, workers and brokers killed on purpose."""

import random
from pathlib import Path

import pytest

from services.chassis.streams.embedded import EmbeddedBroker
from tests.chaos.brokers import FragileBroker, FragileEmbeddedBroker, FragileKafka
from tests.chaos.run import ChaosRun
from tests.harness.kafka import KafkaCluster

pytestmark = [pytest.mark.chaos, pytest.mark.slow]

_EVENTS = 20_000
_FAULTS = 12


async def _survives(broker: FragileBroker, folder: Path) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"chaos seed {seed}")
    report = await ChaosRun(broker, events=_EVENTS, faults=_FAULTS, seed=seed, folder=folder).run()
    print(report)
    assert report.passed, f"{report}\n{report.logs}"


async def test_embedded_broker(tmp_path: Path) -> None:
    with EmbeddedBroker.start({}) as broker:
        await _survives(FragileEmbeddedBroker(broker), tmp_path)


async def test_apache_kafka(real_kafka_trio: KafkaCluster, tmp_path: Path) -> None:
    await _survives(FragileKafka(real_kafka_trio), tmp_path)
