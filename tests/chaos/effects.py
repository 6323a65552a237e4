"""What the workers did, in one file that all append to: the order in it is the order in the world."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.chaos.events import ChaosEvent


@dataclass(frozen=True, slots=True)
class Effect:
    """One event handled once by one stage."""

    stage: str
    number: int
    key: int
    sequence: int

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read one line of the file."""
        stage, number, key, sequence = line.split()
        return cls(stage, int(number), int(key), int(sequence))


class EffectWriter:
    """Appends in one system call each, which neither a kill nor another writer can tear."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(self, stage: str, event: ChaosEvent) -> None:
        """Record that `stage` has handled `event`."""
        os.write(self._file, f"{stage} {event.number} {event.key} {event.sequence}\n".encode())


class EffectReader:
    """Follows the file; a line that is seen half, at the edge of a page, waits for its other half."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self._file = path.open()
        self._unfinished = ""
        self.effects: list[Effect] = []

    def follow(self) -> int:
        """Read what was added and return how many effects there are."""
        *lines, self._unfinished = (self._unfinished + self._file.read()).split("\n")
        self.effects.extend(Effect.parse(line) for line in lines)
        return len(self.effects)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
