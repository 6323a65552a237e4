"""Lists dead letters and puts them back on the topic they came from: the core of `palisade dlq`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.chassis.clock import Clock, SystemClock
from services.chassis.metrics import Metrics
from services.chassis.settings import KafkaSettings
from services.chassis.streams.dead_letter_log import (
    SETTLED,
    DeadLetterInfo,
    DeadLetterRecord,
    dead_letter_topic,
    key_hash,
    open_dead_letters,
)
from services.chassis.streams.dead_letters import FIRST_SEEN, PREFIX, REASON, STAGE
from services.chassis.streams.kafka_publisher import KafkaPublisher
from services.chassis.streams.publisher import Publisher

# On a replayed event: `topic/partition:offset` of the dead letter it was.
REPLAY_OF: Final = "palisade-replay-of"


@dataclass(frozen=True, slots=True)
class ReplayFilter:
    """Which dead letters to take; an empty field takes all, `limit` 0 takes any number."""

    reason: str = ""
    stage: str = ""
    key_hash: str = ""
    limit: int = 0

    def choose(self, letters: list[DeadLetterRecord]) -> list[DeadLetterRecord]:
        """Those that match, in the given order, at most `limit`."""
        matching = [letter for letter in letters if self._matches(letter)]
        return matching[: self.limit] if self.limit else matching

    def _matches(self, letter: DeadLetterRecord) -> bool:
        return (
            self.reason in {"", letter.text(REASON)}
            and self.stage in {"", letter.text(STAGE)}
            and self.key_hash in {"", key_hash(letter.record.key)}
        )


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay did, or with `dry_run` would do.

    Attributes:
        open: dead letters not yet settled when it began.
        chosen: those that the filter took; `replayed` of them went back.
        not_replayable: chosen ones whose value is not here or whose origin is another topic.
    """

    topic: str
    dry_run: bool
    open: int
    chosen: int
    replayed: int
    not_replayable: int


async def list_dead_letters(
    kafka: KafkaSettings, topic: str, *, limit: int = 0, clock: Clock | None = None
) -> list[DeadLetterInfo]:
    """Open dead letters of `topic`, oldest first, at most `limit` where it is not 0; never payload.

    NotFoundError for an unknown topic, BrokerUnavailableError without a broker.
    """
    clock = clock or SystemClock()
    letters = await open_dead_letters(kafka, topic, clock=clock)
    infos = [letter.info(clock.now()) for letter in letters]
    return infos[:limit] if limit else infos


async def replay(
    kafka: KafkaSettings,
    topic: str,
    *,
    dry_run: bool,
    rate: float,
    reason: str = "",
    stage: str = "",
    key_hash: str = "",
    limit: int = 0,
    clock: Clock | None = None,
) -> ReplayReport:
    """Put the chosen dead letters back, `rate` a second, oldest first.

    Each is settled once its replay is acknowledged, so that a second run leaves it alone; what
    becomes a dead letter meanwhile is left for the next run. A crash between the two may replay
    one twice, which handlers bear like any second delivery.
    """
    if rate <= 0:
        raise ValueError(f"rate must be above 0, not {rate}")
    clock = clock or SystemClock()
    letters = await open_dead_letters(kafka, topic, clock=clock)
    chosen = ReplayFilter(reason, stage, key_hash, limit).choose(letters)
    replayable = [letter for letter in chosen if letter.replayable]
    if replayable and not dry_run:
        publisher = KafkaPublisher(kafka, metrics=Metrics("dlq-replay"), clock=clock)
        await publisher.start()
        try:
            await put_back(replayable, publisher, rate=rate, clock=clock)
        finally:
            await publisher.stop()
    return ReplayReport(
        topic=dead_letter_topic(topic),
        dry_run=dry_run,
        open=len(letters),
        chosen=len(chosen),
        replayed=0 if dry_run else len(replayable),
        not_replayable=len(chosen) - len(replayable),
    )


async def put_back(
    letters: list[DeadLetterRecord], publisher: Publisher, *, rate: float, clock: Clock
) -> None:
    """Publish each to its origin, then settle it, `rate` a second. PublishError ends it."""
    started = clock.monotonic()
    for number, letter in enumerate(letters):
        await clock.sleep(max(0.0, started + number / rate - clock.monotonic()))
        record = letter.record
        headers = replay_headers(letter)
        await publisher.publish(letter.topic, key=record.key, value=record.value or b"", headers=headers)
        settled = {SETTLED: letter.position.encode()}
        await publisher.publish(record.topic, key=record.key, value=b"", headers=settled)


def replay_headers(letter: DeadLetterRecord) -> Mapping[str, bytes]:
    """The event's own headers, its first sighting, and which dead letter it was."""
    own = {
        name: value
        for name, value in letter.headers.items()
        if not name.startswith(PREFIX) or name == FIRST_SEEN
    }
    return {**own, REPLAY_OF: f"{letter.record.topic}/{letter.position}".encode()}
