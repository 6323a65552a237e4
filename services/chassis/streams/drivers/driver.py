"""What a driver promises, whichever client it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from services.chassis.streams.event import Event
from services.chassis.streams.strategy import Strategy

# How much of the rebalance timeout a revoked partition's events may take to finish.
DRAIN_SHARE = 0.6
# Above the longest time back-pressure may keep a driver from polling: a lane of slow events.
MAX_POLL_SECONDS = 900.0
MAX_POLL_RECORDS = 500


@dataclass(frozen=True, slots=True)
class PartitionProgress:
    """One assigned partition: the next offset to complete, and the next to be written."""

    completed: int
    end: int


class StreamDriver(Protocol):
    """Delivers a topic's events to a strategy and commits what that has completed."""

    def completed(self, event: Event, token: object) -> None:
        """The strategy's call for each completed event, in the order of its partition."""

    async def start(self, strategy: Strategy) -> None:
        """Join the group and deliver. Later failures of the client go to `strategy.fail`."""

    async def drain(self) -> None:
        """Deliver nothing new, let the strategy finish, commit."""

    async def stop(self) -> None:
        """Leave, with or without a drain before; what is not completed will be delivered again."""

    async def progress(self) -> Mapping[int, PartitionProgress]:
        """Progress by assigned partition. ConsumerFailedError where the broker does not tell."""
