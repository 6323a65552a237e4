"""Where events go that cannot be handled: the original, why, and from where, so that it can be replayed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from services.chassis.errors import PalisadeError, TooLargeError
from services.chassis.streams.event import Event
from services.chassis.streams.failures import DeadLetterFailedError, StageStoppedError
from services.chassis.streams.publisher import Publisher, PublishError
from services.chassis.streams.stage import DeadLetterLimits, Stage
from services.chassis.streams.topics import dead_letters

_log = structlog.get_logger(__name__)

PREFIX: Final = "palisade-dlq-"
REASON: Final = PREFIX + "reason"
MESSAGE: Final = PREFIX + "message"
ATTEMPTS: Final = PREFIX + "attempts"
FIRST_SEEN: Final = PREFIX + "first-seen"
STAGE: Final = PREFIX + "stage"
TOPIC: Final = PREFIX + "topic"
PARTITION: Final = PREFIX + "partition"
OFFSET: Final = PREFIX + "offset"
# On a dead letter whose value did not fit beside these headers; it is still at its offset.
VALUE_OMITTED: Final = PREFIX + "value-omitted"

UNEXPECTED: Final = "UNEXPECTED"
DEADLINE_EXCEEDED: Final = "DEADLINE_EXCEEDED"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one event is given up.

    Attributes:
        message: may leave the house: never prompt text or file content.
        first_seen: seconds since the epoch at the first attempt.
    """

    reason: str
    message: str
    attempts: int
    first_seen: float

    @classmethod
    def of(cls, error: Exception, *, attempts: int, first_seen: float) -> Failure:
        """Describe `error`; of one that is not ours only the type, its text may quote the input."""
        if isinstance(error, PalisadeError):
            return cls(error.code, error.message, attempts, first_seen)
        return cls(UNEXPECTED, type(error).__name__, attempts, first_seen)


def headers_of(event: Event, failure: Failure, stage: str) -> Mapping[str, bytes]:
    """The event's own headers and the dead letter's; the first sighting survives a replay."""
    own = {
        REASON: failure.reason,
        MESSAGE: failure.message,
        ATTEMPTS: str(failure.attempts),
        STAGE: stage,
        TOPIC: event.topic,
        PARTITION: str(event.partition),
        OFFSET: str(event.offset),
    }
    headers = dict(event.headers) | {name: text.encode() for name, text in own.items()}
    headers.setdefault(FIRST_SEEN, f"{failure.first_seen:.3f}".encode())
    return headers


class DeadLetterGuard:
    """Counts what was done and what was given up, and refuses what would pass the limits."""

    def __init__(self, stage: str, limits: DeadLetterLimits) -> None:
        self._stage = stage
        self._limits = limits
        self._completed = 0
        self._consecutive = 0
        # Which of the completed events were given up, by their number; the recent ones only.
        self._given_up: deque[int] = deque()

    def done(self) -> None:
        """Count an event that was handled."""
        self._completed += 1
        self._consecutive = 0

    def admit(self) -> None:
        """Count one more dead letter; StageStoppedError when it would pass a limit."""
        limits = self._limits
        if self._consecutive >= limits.max_consecutive:
            raise StageStoppedError(
                f"stage {self._stage}: {self._consecutive} events in a row could not be handled"
            )
        self._consecutive += 1
        self._completed += 1
        self._given_up.append(self._completed)
        while self._given_up[0] <= self._completed - limits.over_events:
            self._given_up.popleft()
        enough = self._completed >= limits.over_events
        if enough and len(self._given_up) > limits.max_ratio * limits.over_events:
            raise StageStoppedError(
                f"stage {self._stage}: {len(self._given_up)} of the last {limits.over_events} events "
                "could not be handled"
            )


class DeadLetters:
    """Publishes the dead letters of one stage within its limits."""

    def __init__(self, stage: Stage, publisher: Publisher) -> None:
        self._stage = stage
        self._publisher = publisher
        self._topic = dead_letters(stage.topic)
        self._guard = DeadLetterGuard(stage.name, stage.dead_letters)
        self.done = self._guard.done

    async def send(self, event: Event, failure: Failure) -> None:
        """Return once the dead letter is acknowledged.

        StageStoppedError past the limits, DeadLetterFailedError where it cannot be published;
        after either the event must not be completed.
        """
        self._guard.admit()
        headers = headers_of(event, failure, self._stage.name)
        try:
            await self._publish(event, headers)
        except (PublishError, TooLargeError) as error:
            raise DeadLetterFailedError(
                f"stage {self._stage.name}: {event.topic}[{event.partition}]@{event.offset} could be "
                f"neither handled ({failure.reason}) nor put among the dead letters"
            ) from error
        _log.warning(
            "dead_letter",
            stage=self._stage.name,
            reason=failure.reason,
            topic=event.topic,
            partition=event.partition,
            offset=event.offset,
            attempts=failure.attempts,
        )

    async def _publish(self, event: Event, headers: Mapping[str, bytes]) -> None:
        try:
            await self._publisher.publish(self._topic, key=event.key, value=event.value, headers=headers)
        except TooLargeError:
            cut = {**headers, VALUE_OMITTED: b"1"}
            await self._publisher.publish(self._topic, key=event.key, value=b"", headers=cut)
