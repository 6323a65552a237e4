"""What a service says about one of its Kafka stages; how it is driven is not its business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from services.chassis.errors import PalisadeError
from services.chassis.streams.event import Event


class RejectedEventError(PalisadeError):
    """This event can never be handled: it goes to the dead letters at once, with its code."""

    code = "REJECTED"


class RetryableError(PalisadeError):
    """Handling failed for a reason that may pass: try again by the stage's retry tiers."""

    code = "RETRYABLE"


class Handler(Protocol):
    """Handles one event. Returning means done: every effect is durable and may be repeated.

    RejectedEventError leads to the dead letters, RetryableError and UnavailableError (PublishError
    among them) to the next retry tier, any other exception to the dead letters as `UNEXPECTED`.
    """

    async def __call__(self, event: Event) -> None: ...


class Driver(StrEnum):
    """Faust for domain streams, a bare aiokafka consumer for hot stages (docs/decisions)."""

    FAUST = "faust"
    AIOKAFKA = "aiokafka"


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """How much is in flight and for how long.

    `window` bounds events in flight (and so what is handled twice after a crash);
    `deadline_seconds` bounds one event with all its retries, and must stay below the
    grace period of the process so that a drain can end.
    """

    window: int = 128
    deadline_seconds: float = 30.0
    retry_delays_seconds: Sequence[float] = (0.1, 1.0, 5.0)


@dataclass(frozen=True, slots=True)
class DeadLetterLimits:
    """Past these the stage stops instead of draining the topic into the dead letters.

    A bad deploy shows as nothing but dead letters; stopping leaves the events where they are.
    `max_ratio` is judged over the last `over_events` completed events.
    """

    max_consecutive: int = 100
    max_ratio: float = 0.5
    over_events: int = 1000


@dataclass(frozen=True, slots=True)
class Stage:
    """One consumer group on one topic.

    Attributes:
        name: `<service>.<what it does>`; also the consumer group's suffix and the metrics' label.
    """

    name: str
    topic: str
    handler: Handler
    driver: Driver = Driver.AIOKAFKA
    limits: WindowLimits = field(default_factory=WindowLimits)
    dead_letters: DeadLetterLimits = field(default_factory=DeadLetterLimits)
