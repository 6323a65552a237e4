"""The classifier trained by this project, behind the filter's port."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from services.contracts.vocabulary import Category
from services.prompt_filter.classifier import ANY, CATEGORIES, OUTPUTS, PromptClassifier
from services.prompt_filter.classifier_port import Answer, Classifier

_CATEGORIES = tuple(Category[name.upper()] for name in CATEGORIES)
_SEXUAL_KINDS = (Category.SEXUAL_MINORS, Category.NONCONSENSUAL)
_SUSPECTED = tuple(category for category in _CATEGORIES if category is not Category.SEXUAL_MINORS)
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
        rows = self._model.probabilities(texts, settled).tolist()
        return [Answer(by_category(row), row[_ANY]) for row in rows]


def by_category(outputs: Sequence[float]) -> Mapping[Category, float]:
    """Scores by category that agree with the probability of any harm.

    No category is likelier than any harm at all, none that is a kind of sexual content is likelier
    than that, and of any harm a share falls on the likeliest category: hate and self-harm have none
    of their own. Never on minors: mere suspicion must not say that.
    """
    some = outputs[_ANY]
    scores = {category: min(score, some) for category, score in zip(_CATEGORIES, outputs, strict=False)}
    for kind in _SEXUAL_KINDS:
        scores[kind] = min(scores[kind], scores[Category.SEXUAL])
    likeliest = max(_SUSPECTED, key=scores.__getitem__)
    scores[likeliest] = max(scores[likeliest], round(_SHARE * some, _DIGITS))
    return scores


def load_shipped_classifier(folder: Path) -> Classifier:
    """Load and verify the model; ModelIntegrityError where a file is not what the manifest says."""
    return ShippedClassifier(PromptClassifier.load(folder))
