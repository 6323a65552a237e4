"""Servers for tests, each started by the first test that asks for it."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis.streams.embedded import EmbeddedBroker
from tests.harness.availability import Machine
from tests.harness.broker import Broker, EmbeddedTestBroker, RealTestBroker
from tests.harness.kafka import KafkaCluster
from tests.harness.lanes import Lanes
from tests.harness.object_store import ObjectStoreServer
from tests.harness.postgres import PostgresServer

_MACHINE = pytest.StashKey[Machine]()
_SLUG_LENGTH = 60


def pytest_configure(config: pytest.Config) -> None:
    """Register the lanes of real servers."""
    machine = Machine()
    config.stash[_MACHINE] = machine
    config.pluginmanager.register(Lanes(machine), "palisade-lanes")


@pytest.fixture(scope="session")
def machine(pytestconfig: pytest.Config) -> Machine:
    """What this machine can run."""
    return pytestconfig.stash[_MACHINE]


@pytest.fixture(scope="session")
def embedded_broker() -> Iterator[EmbeddedBroker]:
    """The broker inside confluent-kafka, without topics. Whoever sets it down sets it up again."""
    with EmbeddedBroker.start({}) as broker:
        yield broker


@pytest.fixture(scope="session")
def real_kafka(machine: Machine, request: pytest.FixtureRequest) -> Iterator[KafkaCluster]:
    """One node of Apache Kafka."""
    cluster = KafkaCluster.on(machine)
    cluster.start()
    yield cluster
    cluster.stop(keep_logs=_logs_of_failed_run(request, "kafka"))


@pytest.fixture(scope="session")
def real_kafka_trio(machine: Machine, request: pytest.FixtureRequest) -> Iterator[KafkaCluster]:
    """Three nodes of Apache Kafka. Whoever kills one restarts it."""
    cluster = KafkaCluster.on(machine, nodes=3)
    cluster.start()
    yield cluster
    cluster.stop(keep_logs=_logs_of_failed_run(request, "kafka-trio"))


@pytest.fixture(params=["embedded", pytest.param("real_kafka", marks=pytest.mark.real_kafka)])
def broker(request: pytest.FixtureRequest) -> Broker:
    """Each test once on the embedded broker and once on Apache Kafka."""
    if request.param == "embedded":
        return EmbeddedTestBroker(request.getfixturevalue("embedded_broker"))
    return RealTestBroker(request.getfixturevalue("real_kafka"))


@pytest.fixture(scope="session")
def postgres(machine: Machine, request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """A PostgreSQL server without databases of ours."""
    server = PostgresServer.on(machine)
    server.start()
    yield server
    server.stop(keep_logs=_logs_of_failed_run(request, "postgres"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real_postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Each test once on SQLite and once on PostgreSQL: SQLAlchemy's address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'palisade.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"test_{uuid.uuid4().hex}"
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def s3_server(machine: Machine, request: pytest.FixtureRequest) -> Iterator[ObjectStoreServer]:
    """A SeaweedFS server without buckets."""
    server = ObjectStoreServer.on(machine)
    server.start()
    yield server
    server.stop(keep_logs=_logs_of_failed_run(request, "seaweedfs"))


@pytest.fixture
def topic_name(request: pytest.FixtureRequest) -> str:
    """A topic no other test uses, named after this one; further ones by a suffix."""
    slug = re.sub(r"[^A-Za-z0-9_-]+", "-", request.node.name).strip("-")[:_SLUG_LENGTH]
    return f"{slug}-{uuid.uuid4().hex[:8]}"


def _logs_of_failed_run(request: pytest.FixtureRequest, server: str) -> Path | None:
    if request.session.testsfailed == 0:
        return None
    return request.config.rootpath / "build" / "server-logs" / server
