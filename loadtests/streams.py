"""Kafka worker events per CPU second, each driver beside its control in the same run.

`python -m loadtests.streams` starts the embedded broker here and every way in its own process.
"""

import argparse
import asyncio
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from aiokafka import AIOKafkaProducer

from loadtests.streams_worker import SINK, SOURCE, WAYS
from services.chassis.streams.embedded import EmbeddedBroker
from services.chassis.streams.topics import dead_letters

_PARTITIONS = 8
_VALUE_BYTES = 256
_RUN_SECONDS = 300
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a way should reach, as a share of its control."""

    way: str
    control: str
    share: float


AIMS = (
    Aim("aiokafka driver, consume and produce", "raw aiokafka, consume and produce", 0.5),
    Aim("Faust driver, no-op", "stock Faust agent, no-op", 0.8),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A way beside its control, both in events per CPU second."""

    way: str
    rate: float
    control: str
    control_rate: float
    aim: float

    @property
    def share(self) -> float:
        """Of the control's rate."""
        return self.rate / self.control_rate

    @property
    def met(self) -> bool:
        """Whether the aim was reached."""
        return self.share >= self.aim


def measure(events: int, rounds: int) -> dict[str, list[float]]:
    """Events per CPU second of every way, `rounds` times, the ways taking turns."""
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        # A fresh broker each round: groups are the ways' own, offsets must be at the beginning.
        topics = {SOURCE: _PARTITIONS, dead_letters(SOURCE): 1, SINK: _PARTITIONS}
        with EmbeddedBroker.start(topics) as broker:
            asyncio.run(_fill(broker.bootstrap_servers, events))
            for way, rate in rates.items():
                rate.append(events / _run(way, broker.bootstrap_servers, events))
    return rates


def judge(rates: dict[str, list[float]]) -> list[Verdict]:
    """Compare medians with the aims."""
    middle = {way: median(values) for way, values in rates.items()}
    return [Verdict(aim.way, middle[aim.way], aim.control, middle[aim.control], aim.share) for aim in AIMS]


async def _fill(servers: str, events: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers, linger_ms=20, max_batch_size=128 * 1024)
    await producer.start()
    for number in range(events):
        key = str(number % 1000).encode()
        await producer.send(SOURCE, b"x" * _VALUE_BYTES, key=key, partition=number % _PARTITIONS)
    await producer.stop()


def _run(way: str, servers: str, events: int) -> float:
    arguments = [way, "--bootstrap-servers", servers, "--events", str(events)]
    answer = subprocess.run(
        [sys.executable, "-m", "loadtests.streams_worker", *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=_RUN_SECONDS,
        cwd=_ROOT,
    )
    seconds: float = json.loads(answer.stdout.splitlines()[-1])["cpu_seconds"]
    return seconds


def main() -> None:
    """Measure and print; exit status 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.streams", description=__doc__)
    # The embedded broker keeps 5 MiB a partition: more would vanish unread.
    parser.add_argument("--events", type=int, default=80_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    given = parser.parse_args()
    rates = measure(given.events, given.rounds)
    verdicts = judge(rates)
    for way, values in rates.items():
        each = ", ".join(f"{value:,.0f}" for value in values)
        print(f"{way:40} {median(values):10,.0f} events per CPU second  ({each})")
    for verdict in verdicts:
        state = "met" if verdict.met else "MISSED"
        print(f"{verdict.way}: {verdict.share:.0%} of {verdict.control} (aim {verdict.aim:.0%}): {state}")
    if given.json:
        document = {"rates": rates, "verdicts": [asdict(verdict) for verdict in verdicts]}
        given.json.write_text(json.dumps(document, indent=1))
    sys.exit(0 if all(verdict.met for verdict in verdicts) else 1)


if __name__ == "__main__":
    main()
