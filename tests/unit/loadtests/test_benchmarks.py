"""Every benchmark runs, and yields figures that mean something; how fast is not asked here."""

import math

import pytest

from loadtests.catalogue import BENCHMARKS

_TINY = 1e-4
_QUICK = sorted(set(BENCHMARKS) - {"streams"})


@pytest.mark.parametrize("name", [*_QUICK, pytest.param("streams", marks=pytest.mark.slow)])
def test_benchmark_yields_positive_figures_and_its_control(name: str) -> None:
    figures = BENCHMARKS[name].run(_TINY)

    assert len({figure.what for figure in figures}) == len(figures) >= 2
    for figure in figures:
        assert figure.value > 0
        assert math.isfinite(figure.value)
        assert all(comparison.share > 0 for comparison in figure.comparisons)
        if figure.latency is not None:
            assert 0 < figure.latency.p50 <= figure.latency.p90 <= figure.latency.p99
    assert name == "hostile" or any(figure.comparisons for figure in figures)
