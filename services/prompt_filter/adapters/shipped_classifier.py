"""The classifier trained by this project, behind the filter's port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from services.contracts.vocabulary import Category
from services.prompt_filter.classifier import PromptClassifier
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
        return [
            {_CATEGORIES[name]: value for name, value in scores.items() if name in _CATEGORIES}
            for scores in self._model.score(texts)
        ]


def load_shipped_classifier(folder: Path) -> Classifier:
    """Load and verify the model; ModelIntegrityError where a file is not what the manifest says."""
    return ShippedClassifier(PromptClassifier.load(folder))
