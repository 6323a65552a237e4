"""One worker process, a service like any other: one topic handled by two stages, one on each driver."""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from services.chassis.clock import SystemClock
from services.chassis.metrics import Metrics
from services.chassis.service import Service, ServiceFailedError, termination
from services.chassis.settings import KafkaSettings, LifecycleSettings, WorkerSettings
from services.chassis.streams.event import Event
from services.chassis.streams.kafka_publisher import KafkaPublisher
from services.chassis.streams.stage import Driver, RejectedEventError, RetryableError, Stage, WindowLimits
from services.chassis.streams.worker import StageWorker
from tests.chaos.effects import EffectWriter
from tests.chaos.events import POISON_REASON, ChaosEvent, Kind

_WINDOW = WindowLimits(window=64, deadline_seconds=30.0, retry_delays_seconds=(0.02, 0.2))
_SLOW_SECONDS = 0.05
_PLAIN_SECONDS = 0.001


class ChaosHandler:
    """Does what the event says, and records the effect."""

    def __init__(self, stage: str, effects: EffectWriter) -> None:
        self._stage = stage
        self._effects = effects
        self._failed_once: set[int] = set()

    async def __call__(self, event: Event) -> None:
        """Handle one record."""
        asked = ChaosEvent.decode(event.value)
        match asked.kind:
            case Kind.POISON:
                raise RejectedEventError("refused on purpose", code=POISON_REASON)
            case Kind.BROKEN:
                raise ZeroDivisionError
            case Kind.FLAKY if asked.number not in self._failed_once:
                self._failed_once.add(asked.number)
                raise RetryableError("fails once on purpose")
            case Kind.SLOW:
                await asyncio.sleep(_SLOW_SECONDS)
            case _:
                await asyncio.sleep(_PLAIN_SECONDS)
        self._effects.write(self._stage, asked)


def stage_name(driver: Driver) -> str:
    """The stage of the run that stands on `driver`."""
    return f"chaos.{driver}"


async def run(bootstrap_servers: str, topic: str, slot: int, effects: Path) -> int:
    """Live until SIGTERM (0) or until a stage stops itself (1)."""
    kafka = KafkaSettings(
        bootstrap_servers=bootstrap_servers,
        group_instance_id=f"slot-{slot}",
        # Short, so that a run waits little; a long run may be slow to notice a death, CI may not.
        session_timeout_seconds=4.0,
        rebalance_timeout_seconds=6.0,
        commit_interval_seconds=0.2,
    )
    metrics, clock = Metrics("chaos"), SystemClock()
    publisher = KafkaPublisher(kafka, metrics=metrics, clock=clock)
    writer = EffectWriter(effects)
    workers = [
        StageWorker(
            Stage(stage_name(driver), topic, ChaosHandler(stage_name(driver), writer), driver, _WINDOW),
            kafka,
            WorkerSettings(),
            publisher=publisher,
            metrics=metrics,
            clock=clock,
        )
        for driver in Driver
    ]
    service = Service(
        f"slot-{slot}",
        components=[publisher, *workers],
        readiness=_Unannounced(),
        settings=LifecycleSettings(propagation_seconds=0, drain_seconds=10, stop_seconds=10),
        clock=clock,
        failures=[worker.failure for worker in workers],
    )
    try:
        await service.run(termination())
    except ServiceFailedError:
        logging.getLogger(__name__).exception("stopped itself")
        return 1
    return 0


class _Unannounced:
    """Nobody asks a chaos worker whether it is ready."""

    async def ready(self) -> None:
        pass

    async def not_ready(self) -> None:
        pass


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap-servers", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--slot", type=int, required=True)
    parser.add_argument("--effects", type=Path, required=True)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    sys.exit(asyncio.run(run(given.bootstrap_servers, given.topic, given.slot, given.effects)))


if __name__ == "__main__":
    main()
