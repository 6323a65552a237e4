"""Near-duplicates fall into one fold."""

from __future__ import annotations

import numpy as np

from services.prompt_filter.training.folds import folds

_SCENES = (
    "harbour at dawn",
    "castle in the mist",
    "violin on a chair",
    "orchard under snow",
    "tram at night",
)


def test_what_is_nearly_the_same_falls_into_one_fold() -> None:
    texts = [f"a painting of the {scene}{end}" for scene in _SCENES for end in ("", ", oil", " once more")]
    for seed in range(8):
        assert all(len(set(row)) == 1 for row in folds(texts, 50, seed).reshape(len(_SCENES), -1))
    drawn = np.array([folds(texts, 50, seed)[::3] for seed in range(8)])
    assert len(np.unique(drawn)) > len(_SCENES)


def test_the_same_seed_gives_the_same_folds_and_all_are_used() -> None:
    texts = [f"{number} {chr(97 + number % 26) * 9}{number * 7919}" for number in range(200)]
    first = folds(texts, 5, 3)
    assert np.array_equal(first, folds(texts, 5, 3))
    assert sorted(set(first.tolist())) == [0, 1, 2, 3, 4]
