"""One record as it was delivered, whichever driver delivered it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Event:
    """A delivered record.

    Attributes:
        key: events of one key are handled in their order; None shares no order with anything.
        timestamp: seconds since the epoch, by the broker.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: Mapping[str, bytes] = field(default_factory=dict)
    timestamp: float = 0.0
