"""What the system stands on in each lane."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import pytest
from pydantic import SecretStr

from services.chassis.settings import ObjectSettings
from services.chassis.streams.topics import with_dead_letters
from services.demo.system import Backing
from tests.harness.kafka import KafkaCluster
from tests.harness.object_store import ObjectStoreServer
from tests.harness.postgres import PostgresServer

EMBEDDED: Final = "embedded"
REAL: Final = "real"
PARTITIONS: Final = 4

_BUCKET = "palisade-system"
_DATABASES = {"joint_scorer": "system_joint_scorer", "enforcement": "system_enforcement"}


@contextmanager
def backing_of(lane: str, request: pytest.FixtureRequest) -> Iterator[Backing]:
    """The embedded defaults, or Apache Kafka, PostgreSQL and SeaweedFS, empty."""
    if lane == EMBEDDED:
        yield Backing()
        return
    kafka: KafkaCluster = request.getfixturevalue("real_kafka")
    asyncio.run(kafka.create_topics(with_dead_letters(PARTITIONS)))
    with _databases(request.getfixturevalue("postgres")) as databases:
        yield Backing(
            bootstrap_servers=kafka.bootstrap_servers,
            databases=databases,
            objects=_bucket(request.getfixturevalue("s3_server")),
        )


@contextmanager
def _databases(server: PostgresServer) -> Iterator[dict[str, str]]:
    with ExitStack() as created:
        databases = {}
        for service, name in _DATABASES.items():
            databases[service] = server.create_database(name)
            created.callback(server.drop_database, name)
        yield databases


def _bucket(server: ObjectStoreServer) -> ObjectSettings:
    server.create_bucket(_BUCKET)
    return ObjectSettings(
        url=f"s3://{_BUCKET}/items",
        endpoint=server.endpoint,
        access_key_id=server.credentials.access_key,
        secret_access_key=SecretStr(server.credentials.secret_key),
        allow_http=True,
    )
