"""A strategy without Kafka, and what it did."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.chassis.clock import ManualClock
from services.chassis.metrics import Metrics
from services.chassis.streams.dead_letters import REASON, DeadLetters
from services.chassis.streams.event import Event
from services.chassis.streams.publisher import MemoryPublisher, Publisher
from services.chassis.streams.stage import DeadLetterLimits, Handler, Stage, WindowLimits
from services.chassis.streams.stage_metrics import StageMetrics
from services.chassis.streams.strategy import Strategy

TOPIC = "things"


def event(offset: int, *, key: str | None = None, partition: int = 0, value: bytes = b"") -> Event:
    """One event of the test topic."""
    return Event(TOPIC, partition, offset, key.encode() if key is not None else None, value)


@dataclass
class Bench:
    """A strategy under test.

    Attributes:
        completed: (partition, offset) in the order in which the strategy completed them.
    """

    handler: Handler
    window: int = 128
    deadline_seconds: float = 30.0
    retry_delays_seconds: Sequence[float] = (0.1, 1.0)
    dead_letter_limits: DeadLetterLimits = field(default_factory=DeadLetterLimits)
    publisher: Publisher = field(default_factory=MemoryPublisher)
    clock: ManualClock = field(default_factory=ManualClock)
    metrics: Metrics = field(default_factory=lambda: Metrics("test"))
    completed: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        limits = WindowLimits(self.window, self.deadline_seconds, self.retry_delays_seconds)
        stage = Stage("bench.stage", TOPIC, self.handler, limits=limits, dead_letters=self.dead_letter_limits)
        self.stage_metrics = StageMetrics(self.metrics, stage=stage.name, topic=TOPIC)
        self.strategy = Strategy(
            stage,
            dead_letters=DeadLetters(stage, self.publisher),
            completed=self._complete,
            metrics=self.stage_metrics,
            clock=self.clock,
        )

    def _complete(self, done: Event, token: object) -> None:
        self.completed.append((done.partition, done.offset))

    @property
    def reasons(self) -> list[str]:
        """Reasons of the dead letters, in their order."""
        assert isinstance(self.publisher, MemoryPublisher)
        return [record.headers[REASON].decode() for record in self.publisher.records]

    def counted(self, metric: str, **labels: str) -> float:
        """The value of a sample of the registry."""
        self.stage_metrics.flush()
        return self.metrics.registry.get_sample_value(metric, labels) or 0.0


class Gate:
    """A handler whose events wait until they are let through."""

    def __init__(self) -> None:
        self.started: list[int] = []
        self._gates: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)

    async def __call__(self, event: Event) -> None:
        self.started.append(event.offset)
        await self._gates[event.offset].wait()

    async def open(self, *offsets: int) -> None:
        for offset in offsets:
            self._gates[offset].set()
        await settle()


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def nothing(event: Event) -> None:
    """Handle an event at once."""
