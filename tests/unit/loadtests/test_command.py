"""`python -m loadtests`: what it runs, what it prints, how it ends."""

from pathlib import Path

import pytest

from loadtests import __main__ as command
from loadtests.figures import Aim, Benchmark, Figure


@pytest.fixture
def scales(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """Two benchmarks that note with what scale they ran; the second misses its aim."""
    ran: list[tuple[str, float]] = []

    def benchmark(name: str, value: float) -> Benchmark:
        def run(scale: float) -> list[Figure]:
            ran.append((name, scale))
            return [Figure(f"thing of {name}", value, "calls", aim=Aim(10))]

        return Benchmark(name, "About it.", run)

    monkeypatch.setattr(command, "BENCHMARKS", {"good": benchmark("good", 11), "bad": benchmark("bad", 9)})
    return ran


def _call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["loadtests", *arguments])
    return command.main()


def test_without_names_everything_runs_and_is_reported(
    scales: list[tuple[str, float]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "benchmarks.md"

    assert _call(monkeypatch, "--scale", "0.5", "--report", str(page)) == 0

    assert scales == [("good", 0.5), ("bad", 0.5)]
    assert "thing of bad" in page.read_text()
    assert "good" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "status"), [("good", 0), ("bad", 1)])
def test_strict_fails_where_an_aim_is_missed(
    scales: list[tuple[str, float]], monkeypatch: pytest.MonkeyPatch, name: str, status: int
) -> None:
    assert _call(monkeypatch, name, "--strict") == status
    assert scales == [(name, 1.0)]


def test_unknown_name_is_bad_usage(
    scales: list[tuple[str, float]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        _call(monkeypatch, "good", "no-such")

    assert ended.value.code == 2
    assert "no-such" in capsys.readouterr().err
    assert scales == []
