"""A text with the place each of its characters had in the original."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import NamedTuple, Protocol

from services.chassis.signals import Span


class Places(Protocol):
    """For each character of a text its place in another."""

    def __getitem__(self, index: int, /) -> int: ...

    def __len__(self) -> int: ...


class MappedText(NamedTuple):
    """Text and, per character, the index of the original code point it came from.

    `origins` is None where both are the same length and order, which is most traffic.
    """

    text: str
    original_length: int
    origins: Places | None = None

    def span(self, start: int, end: int) -> Span:
        """The original range behind `text[start:end]`; covers characters removed in between."""
        if self.origins is None:
            return Span(start, end)
        if end <= start:
            return Span(0, 0)
        return Span(self.origins[start], self.origins[end - 1] + 1)

    def of(self, original: str) -> Callable[[int, int], str]:
        """Finds what stands in the original behind a range of the text."""

        def written(start: int, end: int) -> str:
            span = self.span(start, end)
            return original[span.start : span.end]

        return written

    def replaced(self, text: str, kept: Places) -> MappedText:
        """A text made of this one, where character i of it came from `kept[i]` here."""
        origins = kept if self.origins is None else _Composed(self.origins, kept)
        return MappedText(text, self.original_length, origins)


class PartPlaces:
    """Of each character of joined parts the number of its part; worked out when asked for, as few are."""

    def __init__(self, parts: Iterable[str]) -> None:
        self._ends = list(accumulate(map(len, parts)))

    def __getitem__(self, index: int, /) -> int:
        return bisect_right(self._ends, index)

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0


class _Composed:
    """Places in a text that has places of its own."""

    def __init__(self, outer: Places, inner: Places) -> None:
        self._outer = outer
        self._inner = inner

    def __getitem__(self, index: int, /) -> int:
        return self._outer[self._inner[index]]

    def __len__(self) -> int:
        return len(self._inner)
