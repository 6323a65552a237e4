"""The benchmarks that have a program of their own, as figures beside the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median

from loadtests import hostile_prompts, streams
from loadtests.figures import Aim, Benchmark, Comparison, Figure, scaled

_ROOT = Path(__file__).parents[1]
_SLOWEST_MILLISECONDS = Aim(50.0, at_least=False)


def kafka_workers(scale: float) -> list[Figure]:
    """Events per CPU second of both drivers and their controls."""
    rates = streams.measure(scaled(80_000, scale, least=200), scaled(3, scale))
    verdicts = {verdict.way: verdict for verdict in streams.judge(rates)}
    return [_worker(way, median(values), verdicts.get(way)) for way, values in rates.items()]


def _worker(way: str, rate: float, verdict: streams.Verdict | None) -> Figure:
    comparisons = () if verdict is None else (Comparison(verdict.control, verdict.share, Aim(verdict.aim)),)
    return Figure(way, rate, "events / CPU s", comparisons=comparisons)


def upload(scale: float) -> list[Figure]:
    """Megabytes received per CPU second, checked, hashed and merely counted."""
    size = ["--megabytes", str(scaled(64, scale)), "--rounds", str(scaled(5, scale))]
    command = [sys.executable, "-m", "loadtests.upload", *size]
    answer = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    figures = []
    for line in answer.stdout.splitlines():
        rates = json.loads(line)
        for server in ("counting", "hashing", "checked"):
            controls = ("counting", "hashing") if server == "checked" else ()
            comparisons = tuple(Comparison(control, rates[server] / rates[control]) for control in controls)
            what = f"{server}, chunks of {rates['chunk']}"
            figures.append(Figure(what, rates[server], "MB / CPU s", comparisons=comparisons))
    return figures


def hostile(scale: float) -> list[Figure]:
    """Milliseconds of CPU for the longest prompts, written to be slow, on cold caches."""
    characters = scaled(20_000, scale, least=200)
    # The first is the control.
    kinds = list(hostile_prompts.HOSTILE)
    kinds = kinds[: scaled(len(kinds), scale, least=2)]
    measured = hostile_prompts.measure(hostile_prompts.cold_filters(classifier=True), kinds, characters, 1)
    return [Figure(kind, cold, "ms of CPU, cold", aim=_SLOWEST_MILLISECONDS) for kind, cold, _ in measured]


BENCHMARKS = (
    Benchmark(
        "streams",
        "A Kafka stage's events per CPU second by both drivers, on the embedded broker. Controls: aiokafka "
        "alone (poll, produce, commit) and a serial Faust agent as the tutorial has it.",
        kafka_workers,
    ),
    Benchmark(
        "upload",
        "Uploads of 4 MiB, in chunks. *Checked*: the services' server with size, SHA-256, byte budget and "
        "all interceptors. Controls: grpc.aio alone, counting the bytes or taking their SHA-256.",
        upload,
    ),
    Benchmark(
        "hostile",
        "Prompts of 20,000 characters that are written to be slow, checked whole by a filter whose caches "
        "are cold, the classifier and its encoder included. Control: plain text of that length.",
        hostile,
    ),
)
