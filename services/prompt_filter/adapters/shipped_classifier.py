"""The classifier trained by this project, behind the filter's port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from services.contracts.vocabulary import Category
from services.prompt_filter.classifier import PromptClassifier
from services.prompt_filter.classifier.heads import UNSAFE
from services.prompt_filter.classifier_port import Classifier

_CATEGORIES = {category.label: category for category in Category}


class ShippedClassifier:
    """Gives the model's heads as categories."""

    def __init__(self, model: PromptClassifier) -> None:
        self._model = model

    @property
    def version(self) -> str:
        return self._model.version

    def score(self, texts: Sequence[str]) -> list[Mapping[Category, float]]:
        return [_by_category(scores) for scores in self._model.score(texts)]


def _by_category(scores: Mapping[str, float]) -> Mapping[Category, float]:
    """Scores by category; that a prompt is unsafe at all counts for its likeliest category.

    Raters called prompts unsafe without saying why, so the model has a head for just that. It
    is joined to the likeliest category as independent evidence; the others keep their rank.
    """
    categories = {_CATEGORIES[name]: value for name, value in scores.items() if name in _CATEGORIES}
    likeliest = max(categories, key=lambda category: (categories[category], -category))
    safe = (1.0 - categories[likeliest]) * (1.0 - scores[UNSAFE])
    return {**categories, likeliest: round(1.0 - safe, 6)}


def load_shipped_classifier(folder: Path) -> Classifier:
    """Load and verify the model; ModelIntegrityError where a file is not what the manifest says."""
    return ShippedClassifier(PromptClassifier.load(folder))
