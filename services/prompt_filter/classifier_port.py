"""What the filter asks of a trained classifier, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from services.contracts.vocabulary import Category


class Classifier(Protocol):
    """Calibrated probabilities from text alone. Deterministic."""

    @property
    def version(self) -> str:
        """Names weights and calibration; changes when either does."""

    def score(self, texts: Sequence[str]) -> list[Mapping[Category, float]]:
        """Per text the probability of each category the model knows, in order."""
