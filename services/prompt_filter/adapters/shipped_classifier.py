"""The classifier trained by this project, behind the filter's port."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.contracts.vocabulary import Category
from services.prompt_filter.classifier import ANY, CATEGORIES, OUTPUTS, PromptClassifier
from services.prompt_filter.classifier_port import Answer, Classifier

Floats = npt.NDArray[np.float64]

_CATEGORIES = tuple(Category[name.upper()] for name in CATEGORIES)
_SEXUAL = _CATEGORIES.index(Category.SEXUAL)
_SEXUAL_KINDS = [_CATEGORIES.index(Category.SEXUAL_MINORS), _CATEGORIES.index(Category.NONCONSENSUAL)]
_SUSPECTED = np.array(
    [column for column, category in enumerate(_CATEGORIES) if category is not Category.SEXUAL_MINORS]
)
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

    def score(self, texts: Sequence[str], settled: Collection[int] = ()) -> list[Answer]:
        rows = self._model.probabilities(texts, settled)
        return list(map(Answer, by_category(rows), rows[:, _ANY].tolist()))


def by_category(outputs: Floats) -> list[Mapping[Category, float]]:
    """Scores by category of texts, from outputs of shape (texts, outputs).

    None that is a kind of sexual content is likelier than that, and of any harm a share falls on the
    likeliest category: hate and self-harm have none of their own. Never on minors: mere suspicion
    must not say that.
    """
    some = outputs[:, _ANY]
    scores = outputs[:, : len(_CATEGORIES)].copy()
    scores[:, _SEXUAL_KINDS] = np.minimum(scores[:, _SEXUAL_KINDS], scores[:, [_SEXUAL]])
    likeliest = _SUSPECTED[scores[:, _SUSPECTED].argmax(axis=1)].tolist()
    shared: list[Mapping[Category, float]] = []
    for row, column, harm in zip(scores.tolist(), likeliest, some.tolist(), strict=True):
        row[column] = max(row[column], round(_SHARE * harm, _DIGITS))
        shared.append(dict(zip(_CATEGORIES, row, strict=True)))
    return shared


def load_shipped_classifier(folder: Path) -> Classifier:
    """Load and verify the model; ModelIntegrityError where a file is not what the manifest says."""
    return ShippedClassifier(PromptClassifier.load(folder))
