"""The port every detector stands behind."""

from __future__ import annotations

from typing import Protocol

from services.chassis.signals import AbsentSignal, Signal
from services.media_scanner.item import MediaItem


class Detector(Protocol):
    """Looks at one item and says what it found, or why it could not look.

    A detector may raise or hang: the scanner turns both into an absent signal.
    """

    @property
    def name(self) -> str:
        """Short and stable, for example `c2pa`."""

    @property
    def version(self) -> str:
        """Changes whenever the same bytes may get another answer."""

    async def scan(self, item: MediaItem) -> Signal | AbsentSignal:
        """A signal with a verdict, never UNSPECIFIED; evidence without any prompt text."""
