"""The whole system, once in each lane: five processes, a tap on their topics, and their clients."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from services.demo.system import Backing, LocalSystem, free_addresses
from tests.integration.system.clients import Clients
from tests.integration.system.lanes import EMBEDDED, PARTITIONS, REAL, backing_of
from tests.integration.system.tap import Tap

_REAL_SERVERS = (pytest.mark.real_kafka, pytest.mark.real_postgres, pytest.mark.real_s3)


@pytest.fixture(scope="package", params=[EMBEDDED, pytest.param(REAL, marks=_REAL_SERVERS)])
def backing(request: pytest.FixtureRequest) -> Iterator[Backing]:
    """What the system of this lane stands on."""
    with backing_of(request.param, request) as backing:
        yield backing


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def system(backing: Backing, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalSystem]:
    """All services, serving. Whoever stops one starts it again."""
    system = LocalSystem(tmp_path_factory.mktemp("system"), free_addresses(), backing)
    await system.start(lambda _: None)
    yield system
    await system.stop()
    statuses = {name: await process.stop() for name, process in system.processes.items()}
    assert statuses == dict.fromkeys(system.processes, 0)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def tap(system: LocalSystem) -> AsyncIterator[Tap]:
    """On every topic from the beginning."""
    async with Tap(system.bootstrap_servers, partitions=PARTITIONS) as tap:
        yield tap


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def clients(system: LocalSystem) -> AsyncIterator[Clients]:
    """A channel to each service."""
    async with Clients(system.addresses.grpc) as clients:
        yield clients
