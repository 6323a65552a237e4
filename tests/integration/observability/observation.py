"""What a real Prometheus answers to every shipped expression while the whole system has traffic."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.demo.system import LocalSystem, free_addresses
from tests.integration.observability.prometheus_server import PrometheusServer, Sample
from tests.integration.observability.promql import selectors
from tests.integration.observability.traffic import Traffic

_PATIENCE_SECONDS = 90.0
_ROUND_SECONDS = 0.2


@dataclass(frozen=True)
class Observation:
    """Answers by expression, and the labels of every metric that the expressions name."""

    answers: Mapping[str, Sequence[Sample]]
    labels: Mapping[str, frozenset[str]]


async def observe(program: Path, folder: Path, expressions: Sequence[str]) -> Observation:
    """Run system, traffic and Prometheus until every expression has something to show, or time is up."""
    system = LocalSystem(folder / "system", free_addresses())
    await system.start(lambda _: None)
    try:
        prometheus = await asyncio.to_thread(
            PrometheusServer.start, program, folder, system.addresses.metrics
        )
        try:
            async with Traffic(system.addresses.grpc, system.bootstrap_servers) as traffic:
                answers = await _ask_under(traffic, prometheus, expressions)
                return Observation(answers, await asyncio.to_thread(_labels, prometheus, expressions))
        finally:
            await asyncio.to_thread(prometheus.stop)
    finally:
        await system.stop()


async def _ask_under(
    traffic: Traffic, prometheus: PrometheusServer, expressions: Sequence[str]
) -> dict[str, Sequence[Sample]]:
    """Ask what had no answer yet after each round of traffic; at the end, everything once more."""
    waiting = set(expressions)
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while waiting and time.monotonic() < give_up:
        await traffic.round()
        await asyncio.sleep(_ROUND_SECONDS)
        answers = await asyncio.to_thread(_ask, prometheus, waiting)
        waiting = {expr for expr, samples in answers.items() if not any(one.finite for one in samples)}
    return await asyncio.to_thread(_ask, prometheus, expressions)


def _ask(prometheus: PrometheusServer, expressions: Iterable[str]) -> dict[str, Sequence[Sample]]:
    return {expr: prometheus.query(expr) for expr in expressions}


def _labels(prometheus: PrometheusServer, expressions: Sequence[str]) -> dict[str, frozenset[str]]:
    metrics = {selector.metric for expr in expressions for selector in selectors(expr)}
    return {metric: prometheus.labels_of(metric) for metric in metrics}
