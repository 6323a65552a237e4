"""The classifier trained by this project, behind the filter's port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.contracts.vocabulary import Category
from services.prompt_filter.classifier import CATEGORIES, HEADS, UNSAFE, PromptClassifier
from services.prompt_filter.classifier_port import Classifier

Floats = npt.NDArray[np.float64]

_CATEGORIES = tuple(Category[name.upper()] for name in CATEGORIES)
_UNSAFE = HEADS.index(UNSAFE)
_DIGITS = 6


class ShippedClassifier:
    """Gives the model's heads as categories."""

    def __init__(self, model: PromptClassifier) -> None:
        self._model = model

    @property
    def version(self) -> str:
        return self._model.version

    def score(self, texts: Sequence[str]) -> list[Mapping[Category, float]]:
        rows = _by_category(self._model.probabilities(texts)).tolist()
        return [dict(zip(_CATEGORIES, row, strict=True)) for row in rows]


def _by_category(heads: Floats) -> Floats:
    """Scores by category; that a prompt is unsafe at all counts for its likeliest category.

    Raters called prompts unsafe without saying why, so the model has a head for just that. It
    is joined to the likeliest category (of equals the first) as independent evidence; the
    others keep their rank.
    """
    categories = heads[:, : len(_CATEGORIES)].copy()
    likeliest = np.arange(len(categories)), categories.argmax(axis=1)
    safe = (1.0 - categories[likeliest]) * (1.0 - heads[:, _UNSAFE])
    categories[likeliest] = (1.0 - safe).round(_DIGITS)
    return categories


def load_shipped_classifier(folder: Path) -> Classifier:
    """Load and verify the model; ModelIntegrityError where a file is not what the manifest says."""
    return ShippedClassifier(PromptClassifier.load(folder))
