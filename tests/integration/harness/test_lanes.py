"""What becomes of tests whose server this machine lacks."""

from pathlib import Path

import pytest

from tests.harness.availability import Machine, Missing
from tests.harness.lanes import Lanes

pytest_plugins = ["pytester"]

_TESTS = """
    import pytest

    @pytest.fixture
    def real_kafka():
        raise RuntimeError("started where it cannot run")

    def test_on_kafka(real_kafka): pass

    @pytest.mark.real_kafka
    def test_marked_by_hand(): pass

    def test_alone(): pass
"""


class MachineWithout(Machine):
    """A machine that lacks the servers of some markers."""

    def __init__(self, *markers: str) -> None:
        self._markers = markers

    def missing(self, marker: str) -> Missing | None:
        return Missing("Apache Kafka", "JDK 17+ not found") if marker in self._markers else None


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\nmarkers =\n  real_kafka\n")
    pytester.makepyfile(_TESTS)
    return pytester.runpytest_inprocess(*arguments, plugins=[Lanes(MachineWithout("real_kafka"))])


def test_lane_is_skipped_and_said_in_one_line(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PALISADE_REQUIRE_REAL", raising=False)

    result = run(pytester)

    result.assert_outcomes(passed=1, skipped=2)
    line = "NOT TESTED on Apache Kafka: JDK 17+ not found (2 tests)"
    assert result.stdout.lines.count(line) == 1


def test_skip_is_a_failure_where_real_servers_are_required(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALISADE_REQUIRE_REAL", "1")

    result = run(pytester)

    result.assert_outcomes(passed=1, errors=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_lane_can_be_left_out(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALISADE_REQUIRE_REAL", "1")

    result = run(pytester, "-m", "not real_kafka")

    result.assert_outcomes(passed=1, deselected=2)


def test_machine_without_java_cannot_run_kafka() -> None:
    machine = Machine()
    machine.__dict__["java"] = None

    assert machine.missing("real_kafka") == Missing("Apache Kafka", "JDK 17+ not found")
    assert machine.missing("slow") is None


@pytest.mark.parametrize(
    ("version", "usable"),
    [("1.8.0_412", False), ("11.0.22", False), ("17.0.15", True), ("21", True), ("25-ea", True)],
)
def test_java_is_used_from_version_17_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, usable: bool
) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    assert (Machine().java == java) is usable
