"""The way out to Kafka, as a port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from services.chassis.errors import UnavailableError


class PublishError(UnavailableError):
    """The record was not acknowledged; it may or may not have been written."""

    code = "PUBLISH_FAILED"


class Publisher(Protocol):
    """Writes records durably. One per process; safe to call from many tasks."""

    async def publish(
        self,
        topic: str,
        *,
        key: bytes | None,
        value: bytes,
        headers: Mapping[str, bytes] | None = None,
    ) -> None:
        """Return once the record is acknowledged by all in-sync replicas; PublishError otherwise.

        TooLargeError for a record that no broker will take.
        """


@dataclass(frozen=True, slots=True)
class Published:
    """A record as MemoryPublisher keeps it."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Mapping[str, bytes]


@dataclass(slots=True)
class MemoryPublisher:
    """Keeps records in a list; for tests and for processes without a broker."""

    records: list[Published] = field(default_factory=list)

    async def publish(
        self,
        topic: str,
        *,
        key: bytes | None,
        value: bytes,
        headers: Mapping[str, bytes] | None = None,
    ) -> None:
        self.records.append(Published(topic, key, value, dict(headers or {})))
