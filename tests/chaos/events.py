"""The events of a chaos run: what each asks of its handler is written in it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

POISON_REASON: Final = "POISON"


class Kind(StrEnum):
    """How an event behaves."""

    PLAIN = "plain"
    SLOW = "slow"
    # Fails at the first attempt of each process.
    FLAKY = "flaky"
    # Refused by the handler.
    POISON = "poison"
    # Makes the handler raise what nobody expects.
    BROKEN = "broken"


_WEIGHTS: Final = {Kind.PLAIN: 900, Kind.SLOW: 85, Kind.FLAKY: 10, Kind.POISON: 3, Kind.BROKEN: 2}

DEAD: Final = {Kind.POISON: POISON_REASON, Kind.BROKEN: "UNEXPECTED"}


@dataclass(frozen=True, slots=True)
class ChaosEvent:
    """One event: unique number, key, and its place among the events of that key."""

    number: int
    key: int
    sequence: int
    kind: Kind

    def encode(self) -> bytes:
        """As a record's value."""
        return f"{self.number} {self.key} {self.sequence} {self.kind}".encode()

    @classmethod
    def decode(cls, value: bytes) -> Self:
        """From a record's value."""
        number, key, sequence, kind = value.decode().split()
        return cls(int(number), int(key), int(sequence), Kind(kind))


def generate(count: int, keys: int, draw: random.Random) -> Iterator[ChaosEvent]:
    """`count` events over `keys` keys."""
    sequences = [0] * keys
    kinds, weights = list(_WEIGHTS), list(_WEIGHTS.values())
    for number in range(count):
        key = draw.randrange(keys)
        yield ChaosEvent(number, key, sequences[key], draw.choices(kinds, weights)[0])
        sequences[key] += 1
