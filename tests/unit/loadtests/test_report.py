"""The page of figures."""

from pathlib import Path

import pytest

from loadtests import report
from loadtests.figures import Aim, Benchmark, Comparison, Figure, Latency


def _benchmark(name: str) -> Benchmark:
    return Benchmark(name, f"About {name}.", lambda _: [])


def _figure(share: float) -> Figure:
    return Figure(
        "the thing", 1234.5, "calls per CPU second", Latency(1, 2, 3),
        comparisons=(Comparison("echo", share, Aim(0.6)),),
    )  # fmt: skip


def test_section_holds_command_figure_control_and_aim(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "benchmarks.md"

    report.write(page, _benchmark("one"), [_figure(0.59)], scale=0.5)

    text = page.read_text()
    assert "    python -m loadtests one --scale 0.5" in text
    row = "| the thing | 1,234 | calls per CPU second | 1.0 | 2.0 | 3.0 | 59% of echo | ≥ 60%: missed |"
    assert row in text


def test_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    report.write(page, _benchmark("one"), [_figure(0.5)], scale=1)
    report.write(page, _benchmark("two"), [_figure(0.7)], scale=1)

    report.write(page, _benchmark("one"), [_figure(0.8)], scale=1)

    text = page.read_text()
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Benchmarks",
        "## one",
        "## two",
    ]
    assert "80% of echo | ≥ 60%: met" in text
    assert "70% of echo" in text
    assert "50% of echo" not in text


def test_writing_the_same_again_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "machine", lambda: "the machine")  # its load changes
    page = tmp_path / "benchmarks.md"
    for name in ("one", "two"):
        report.write(page, _benchmark(name), [_figure(0.5)], scale=1)
    before = page.read_text()

    report.write(page, _benchmark("one"), [_figure(0.5)], scale=1)

    assert page.read_text() == before


@pytest.mark.parametrize(("value", "missed"), [(49.0, False), (51.0, True)])
def test_aim_may_be_an_upper_bound(value: float, missed: bool) -> None:
    assert Figure("slow", value, "ms", aim=Aim(50.0, at_least=False)).missed is missed


def test_machine_does_not_name_the_host() -> None:
    import platform

    assert platform.node() not in report.machine()
