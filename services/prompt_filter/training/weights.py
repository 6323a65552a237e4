"""How much each example counts for each head."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import UNSAFE
from services.prompt_filter.training.corpus import TASKS, Corpus

Weights = npt.NDArray[np.float64]

RATED: Final = "nibbler"
AGREED: Final = 0.29
"""How far from a half the share of votes is where raters agree."""

BACKGROUND: Final = 0.05
"""Mass of the harmless texts beside the rated ones: enough to keep false positives down,
too little to turn the head into one that tells adversarial prompts from ordinary ones."""


def source_balanced(corpus: Corpus) -> Weights:
    """Shape (texts, tasks): n^-1/2 within each source and class, then both classes equal.

    A source that is ten times larger counts some three times as much. Soft targets share
    their weight between the classes in proportion. Unknown targets weigh nothing.
    """
    weights = np.zeros(corpus.targets.shape)
    for column in range(corpus.targets.shape[1]):
        target = corpus.targets[:, column].astype(np.float64)
        known = ~np.isnan(target)
        if TASKS[column] == UNSAFE:
            weights[:, column] = _rated(known, corpus.sources)
        else:
            weights[:, column] = _balanced(np.where(known, target, 0), known, corpus.sources)
    return weights


def _rated(known: npt.NDArray[np.bool_], sources: npt.NDArray[np.str_]) -> Weights:
    """Every rated text counts one, all the others together BACKGROUND times their number."""
    rated = known & np.char.startswith(sources, RATED)
    others = known & ~rated
    return np.asarray(rated + others * (BACKGROUND * rated.sum() / max(1, others.sum())))


def _balanced(
    target: npt.NDArray[np.float64], known: npt.NDArray[np.bool_], sources: npt.NDArray[np.str_]
) -> Weights:
    positive, negative = np.zeros(len(target)), np.zeros(len(target))
    for source in np.unique(sources):
        mine = known & (sources == source)
        for share, values in ((positive, target), (negative, 1 - target)):
            mass = values[mine].sum()
            if mass > 0:
                share[mine] = values[mine] / np.sqrt(mass)
    total = positive.sum() + negative.sum()
    if not positive.sum() or not negative.sum():
        return np.zeros(len(target))
    positive *= total / 2 / positive.sum()
    negative *= total / 2 / negative.sum()
    return np.asarray((positive + negative) * known.sum() / total)
