"""The classifier trained by this project, behind the filter's port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.contracts.vocabulary import Category
from services.prompt_filter.classifier import ANY, CATEGORIES, OUTPUTS, PROSE, PromptClassifier
from services.prompt_filter.classifier_port import Classifier

Floats = npt.NDArray[np.float64]

_CATEGORIES = tuple(Category[name.upper()] for name in CATEGORIES)
_MINORS = _CATEGORIES.index(Category.SEXUAL_MINORS)
_ANY, _PROSE = OUTPUTS.index(ANY), OUTPUTS.index(PROSE)
# Of the suspicion of any harm, what falls on the likeliest category in prose. Much harmful prose
# is of kinds that have no category here, hate and self-harm; below every threshold it only ranks.
_SHARE_IN_PROSE = 0.19
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

    No category is likelier than any harm at all. Raters called image prompts unsafe without
    saying why, and nearly all that is unsafe in them has a category here: so in image prompts
    the likeliest category is as likely as any harm, and in prose a share of it at least.
    """
    some = outputs[:, _ANY]
    share = 1.0 - (1.0 - _SHARE_IN_PROSE) * outputs[:, _PROSE]
    categories = np.minimum(outputs[:, : len(_CATEGORIES)], some[:, None])
    likeliest = np.arange(len(categories)), _likeliest(outputs)
    categories[likeliest] = np.maximum(categories[likeliest], share * some).round(_DIGITS)
    return categories


def _likeliest(outputs: Floats) -> npt.NDArray[np.int64]:
    """The first of the likeliest categories. Never minors: mere suspicion must not say that."""
    candidates = outputs[:, : len(_CATEGORIES)].copy()
    candidates[:, _MINORS] = -1.0
    return np.asarray(candidates.argmax(axis=1))


def load_shipped_classifier(folder: Path) -> Classifier:
    """Load and verify the model; ModelIntegrityError where a file is not what the manifest says."""
    return ShippedClassifier(PromptClassifier.load(folder))
