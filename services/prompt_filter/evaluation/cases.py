"""What is measured: texts with what is expected of them and the slices they belong to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from services.contracts.vocabulary import Category

T = TypeVar("T")

PLAIN: Final = "as written"
"""What a slice is called whose words nothing was done to."""


@dataclass(frozen=True, slots=True)
class Case:
    """One text of a set.

    Attributes:
        text: what the filter is asked; handled by program, never reported.
        seeking: whether it is to be flagged.
        cluster: cases made of the same term or sentence; they are resampled together.
        slices: dimension, such as `language`, to the value of this case.
        category: the category that has to bite; None where any may.
        mild: LABEL is what is expected of it at most.
    """

    text: str = field(repr=False)
    seeking: bool
    cluster: str
    slices: Mapping[str, str]
    category: Category | None = None
    mild: bool = False


@dataclass(frozen=True, slots=True)
class Suite:
    """A set with a name."""

    name: str
    cases: tuple[Case, ...]


def sample(items: Iterable[T], count: int, *, seed: int, key: Mapping[T, str] | None = None) -> list[T]:
    """`count` of the items, chosen by the hash of each: adding others never reshuffles the rest."""

    def place(item: T) -> bytes:
        name = key[item] if key is not None else str(item)
        return hashlib.sha256(f"{seed}:{name}".encode()).digest()

    chosen: Sequence[T] = sorted(items, key=place)[:count]
    return list(chosen)
