"""One observation of the whole system, which the tests then judge."""

import asyncio
from pathlib import Path

import pytest

from tests.harness.availability import Machine, ServerMissingError
from tests.integration.observability.observation import Observation, observe
from tests.integration.observability.promql import unfiltered
from tests.integration.observability.shipped import alerts, panel_queries, records
from tests.integration.observability.traffic import UNREADABLE_EVENT


@pytest.fixture(scope="session")
def prometheus_programs(machine: Machine) -> tuple[Path, Path]:
    """The server and promtool."""
    if machine.prometheus is None:
        raise ServerMissingError("prometheus or promtool not found")
    return machine.prometheus


@pytest.fixture(scope="session")
def observation(
    prometheus_programs: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Observation:
    """Everything that deploy/ asks, answered under traffic."""
    asked = [query.expr for query in (*panel_queries(), *records())]
    asked += [unfiltered(alert.expr) for alert in alerts()]
    asked.append(UNREADABLE_EVENT)
    server, _ = prometheus_programs
    return asyncio.run(observe(server, tmp_path_factory.mktemp("observability"), asked))
