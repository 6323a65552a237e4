"""A text with the place each of its characters had in the original."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.chassis.signals import Span


class MappedText(NamedTuple):
    """Text and, per character, the index of the original code point it came from.

    `origins` is None where both are the same length and order, which is most traffic.
    """

    text: str
    original_length: int
    origins: Sequence[int] | None = None

    def span(self, start: int, end: int) -> Span:
        """The original range behind `text[start:end]`; covers characters removed in between."""
        if self.origins is None:
            return Span(start, end)
        if end <= start:
            return Span(0, 0)
        return Span(self.origins[start], self.origins[end - 1] + 1)

    def replaced(self, text: str, kept: Sequence[int]) -> MappedText:
        """A text made of this one, where character i of it came from `kept[i]` here."""
        if self.origins is None:
            return MappedText(text, self.original_length, kept)
        origins = self.origins
        return MappedText(text, self.original_length, list(map(origins.__getitem__, kept)))
