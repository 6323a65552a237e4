"""What the filter asks of a trained classifier, whichever it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.contracts.vocabulary import Category


@dataclass(frozen=True, slots=True)
class Answer:
    """Calibrated probabilities for one text.

    Attributes:
        scores: by category, for those the classifier knows.
        harm: of harm of any kind, also of kinds without a category; None where it does not say.
    """

    scores: Mapping[Category, float]
    harm: float | None = None


NO_ANSWER = Answer({})


class Classifier(Protocol):
    """Judges by text alone. Deterministic."""

    @property
    def version(self) -> str:
        """Names weights and calibration; changes when either does."""

    def score(self, texts: Sequence[str], settled: Collection[int] = ()) -> list[Answer]:
        """An answer for each text, in order.

        Args:
            texts: what is judged.
            settled: numbers of texts that are blocked whatever the answer; less may be spent on them.
        """
