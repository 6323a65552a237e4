"""Who is told of what happened, as a port."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.contracts.vocabulary import Feature
from services.enforcement.access import Access
from services.enforcement.ledger import Entry


class Observer(Protocol):
    """Told after the fact; must not raise and must not wait."""

    def appended(self, entries: Sequence[Entry]) -> None:
        """These were appended and are durable."""

    def checked(self, feature: Feature, access: Access) -> None:
        """This was answered."""


class NoObserver:
    """Looks away."""

    def appended(self, entries: Sequence[Entry]) -> None:
        pass

    def checked(self, feature: Feature, access: Access) -> None:
        pass
