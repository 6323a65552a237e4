"""Folds that no near-duplicate crosses: people who attack a filter try the same thing in many words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer

ALIKE: Final = 0.6
"""Cosine of character n-grams from which two texts, and what is like either, fall into one fold."""


def folds(texts: Sequence[str], count: int, seed: int) -> npt.NDArray[np.int64]:
    """The number of each text's fold, in 0..count."""
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit_transform(texts)
    groups, group = connected_components(vectors @ vectors.T > ALIKE, directed=False)
    return np.asarray(np.random.default_rng(seed).integers(count, size=groups)[group])
