"""A chaos run of any length: `python -m tests.chaos --events 200000 --faults 60 --broker kafka`."""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from services.chassis.streams.embedded import EmbeddedBroker
from tests.chaos.brokers import FragileBroker, FragileEmbeddedBroker, FragileKafka
from tests.chaos.run import ChaosReport, ChaosRun
from tests.harness.availability import Machine
from tests.harness.kafka import KafkaCluster


def main() -> None:
    """Read the command line, run, print; exit status 0 when nothing was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--faults", type=int, default=12)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--broker", choices=("embedded", "kafka"), default="embedded")
    parser.add_argument("--folder", type=Path, help="keep the effects and the workers' logs here")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    run = _on_embedded if given.broker == "embedded" else _on_kafka
    report = run(given)
    print(report)
    if not report.passed or report.unasked_ends:
        print(report.logs)
    sys.exit(0 if report.passed else 1)


def _on_embedded(given: argparse.Namespace) -> ChaosReport:
    with EmbeddedBroker.start({}) as broker:
        return _run(FragileEmbeddedBroker(broker), given)


def _on_kafka(given: argparse.Namespace) -> ChaosReport:
    cluster = KafkaCluster.on(Machine(), nodes=3)
    cluster.start()
    try:
        return _run(FragileKafka(cluster), given)
    finally:
        cluster.stop()


def _run(broker: FragileBroker, given: argparse.Namespace) -> ChaosReport:
    with tempfile.TemporaryDirectory() as temporary:
        folder: Path = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        run = ChaosRun(broker, events=given.events, faults=given.faults, seed=given.seed, folder=folder)
        return asyncio.run(run.run())


if __name__ == "__main__":
    main()
