"""Lanes: which tests need which real server, and what becomes of them where it is missing."""

from collections import Counter
from collections.abc import Collection
from typing import Final

import pytest

from tests.harness.availability import Machine, Missing, real_servers_required

_MARKER_OF_FIXTURE: Final = {
    "api_server": "control_plane",
    "kubectl_program": "kubectl",
    "prometheus_programs": "prometheus",
    "real_kafka": "real_kafka",
    "real_kafka_trio": "real_kafka",
    "postgres": "real_postgres",
    "s3_server": "real_s3",
}


class Lanes:
    """A pytest plugin: marks tests by the servers they use, skips or fails those that cannot run."""

    def __init__(self, machine: Machine) -> None:
        """Take the machine whose programs decide."""
        self.machine = machine
        self._untested: Counter[Missing] = Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark before `-m` selects, so that a lane can be left out."""
        for item in items:
            for marker in sorted(_markers_for(getattr(item, "fixturenames", ()))):
                item.add_marker(marker)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip a test whose server is missing, or fail it where real servers are required."""
        for marker in sorted(set(_MARKER_OF_FIXTURE.values())):
            missing = self.machine.missing(marker) if item.get_closest_marker(marker) else None
            if missing is None:
                continue
            self._untested[missing] += 1
            if real_servers_required():
                pytest.fail(str(missing), pytrace=False)
            pytest.skip(str(missing))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say in one line each which real server was not tested."""
        for missing, tests in sorted(self._untested.items(), key=lambda entry: entry[0].server):
            terminalreporter.write_line(f"NOT TESTED on {missing} ({tests} tests)", yellow=True)


def _markers_for(fixtures: Collection[str]) -> set[str]:
    return {marker for fixture, marker in _MARKER_OF_FIXTURE.items() if fixture in fixtures}
