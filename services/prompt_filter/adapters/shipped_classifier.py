"""The classifier trained by this project, behind the filter's port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.contracts.vocabulary import Category
from services.prompt_filter.classifier import ANY, CATEGORIES, OUTPUTS, PromptClassifier
from services.prompt_filter.classifier_port import Classifier

Floats = npt.NDArray[np.float64]

_CATEGORIES = tuple(Category[name.upper()] for name in CATEGORIES)
_MINORS = _CATEGORIES.index(Category.SEXUAL_MINORS)
_ANY = OUTPUTS.index(ANY)
# Of the probability of any harm, what falls on the likeliest category at least. Below every threshold
# of the shipped policy: it decides nothing, and ranks what is harmful in ways that have no category.
_SHARE = 0.19
_DIGITS = 6


class ShippedClassifier:
    """Gives the model's heads as categories."""

    def __init__(self, model: PromptClassifier) -> None:
        self._model = model

    @property
    def version(self) -> str:
        return self._model.version

    def score(self, texts: Sequence[str]) -> list[Mapping[Category, float]]:
        rows = by_category(self._model.probabilities(texts)).tolist()
        return [dict(zip(_CATEGORIES, row, strict=True)) for row in rows]


def by_category(outputs: Floats) -> Floats:
    """Scores by category that agree with the probability of any harm.

    No category is likelier than any harm at all, and of any harm a share falls on the likeliest
    category: hate and self-harm have none of their own.
    """
    some = outputs[:, _ANY]
    categories = np.minimum(outputs[:, : len(_CATEGORIES)], some[:, None])
    likeliest = np.arange(len(categories)), _likeliest(outputs)
    categories[likeliest] = np.maximum(categories[likeliest], _SHARE * some).round(_DIGITS)
    return categories


def _likeliest(outputs: Floats) -> npt.NDArray[np.int64]:
    """The first of the likeliest categories. Never minors: mere suspicion must not say that."""
    candidates = outputs[:, : len(_CATEGORIES)].copy()
    candidates[:, _MINORS] = -1.0
    return np.asarray(candidates.argmax(axis=1))


def load_shipped_classifier(folder: Path) -> Classifier:
    """Load and verify the model; ModelIntegrityError where a file is not what the manifest says."""
    return ShippedClassifier(PromptClassifier.load(folder))
