"""Announcements written with their events, waiting to be published, as a port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.enforcement.events import AccountKey


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    """One announcement. `position` rises with every one of an account."""

    position: int
    key: AccountKey
    event_id: str
    payload: bytes
    created_at: float


class Outbox(Protocol):
    """Raises UnavailableError where the store does not answer."""

    async def lease(self, holder: str, *, now: float, seconds: float) -> bool:
        """Whether `holder` may publish until `now + seconds`; one holder at a time."""

    async def pending(self, limit: int) -> Sequence[OutboxRecord]:
        """The oldest unpublished ones. Found by their flag, so that a late commit is never passed over."""

    async def mark_published(self, positions: Sequence[int], *, now: float) -> None:
        """They need not be published again."""

    async def oldest_pending(self) -> float | None:
        """When the oldest unpublished one was created; None where there is none."""
