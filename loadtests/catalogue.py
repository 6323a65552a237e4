"""Every benchmark by its name."""

from __future__ import annotations

from loadtests import check_access, others, prompt_rpc

BENCHMARKS = {
    benchmark.name: benchmark
    for module in (prompt_rpc, check_access, others)
    for benchmark in module.BENCHMARKS
}
