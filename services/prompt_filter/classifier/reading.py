"""What the encoder reads of a text: the worst passages, and the more the more suspicious it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.passages import passages

Floats = npt.NDArray[np.float64]


class TextEncoder(Protocol):
    """A later stage: raw scores of one passage for every head, shape (heads,)."""

    def logits(self, passage: str) -> Floats:
        """Depends on this passage alone, never on what was scored before or beside it."""
        ...


@dataclass(frozen=True)
class ReadingPlan:
    """How much of a text is read.

    Passages are of `characters` at most, and of their tokens the first `tokens` are read. One
    passage is read, and one more for each further `stride` characters, up to `passages`. Where the
    suspicion of harm is `urgent` or more, one for each further `urgent_stride`: what an ordinary
    prompt costs is bounded, and what is probably harmful is read more closely.
    """

    characters: int
    tokens: int
    passages: int
    stride: int
    urgent: float
    urgent_stride: int

    def most(self, text: str, suspicion: float) -> int:
        """How many passages are read of this text."""
        stride = self.urgent_stride if suspicion >= self.urgent else self.stride
        return min(self.passages, 1 + len(text) // stride)


@dataclass(frozen=True)
class Reader:
    """Reads texts by a plan; of more passages than are read `choose` picks so many at most."""

    encoder: TextEncoder
    plan: ReadingPlan
    choose: Callable[[Sequence[str], int], Sequence[str]]

    def read(self, text: str, suspicion: float) -> Floats | None:
        """The highest raw score of each head over the passages read, shape (heads,).

        None where no passage was chosen.
        """
        parts: Sequence[str] = passages(text, self.plan.characters)
        most = self.plan.most(text, suspicion)
        if len(parts) > most:
            parts = self.choose(parts, most)
        if not parts:
            return None
        return np.asarray(np.stack([self.encoder.logits(part) for part in parts]).max(axis=0))
