"""How the model's outputs become scores by category."""

from __future__ import annotations

import numpy as np
import pytest

from services.contracts.vocabulary import Category
from services.prompt_filter.adapters.shipped_classifier import by_category
from services.prompt_filter.classifier import OUTPUTS

QUIET = {
    "sexual": 0.01,
    "sexual_minors": 0.001,
    "nonconsensual": 0.002,
    "violence": 0.02,
    "graphic_violence": 0.003,
}


def _scores(**outputs: float) -> dict[str, float]:
    given = {**QUIET, "any": 0.0, **outputs}
    (row,) = by_category(np.array([[given[output] for output in OUTPUTS]])).tolist()
    return dict(zip([category.label for category in Category], row, strict=True))


def test_harm_of_any_kind_counts_a_share_below_every_threshold() -> None:
    assert _scores(any=1.0) == {**QUIET, "violence": 0.19}


def test_no_category_is_likelier_than_any_harm() -> None:
    assert _scores(sexual=0.9, any=0.3) == {**QUIET, "sexual": 0.3}


def test_what_is_likelier_than_the_share_stays() -> None:
    assert _scores(sexual=0.9, any=0.95)["sexual"] == pytest.approx(0.9)


def test_suspicion_never_falls_on_minors() -> None:
    found = _scores(sexual_minors=0.05, any=0.8)
    assert found["sexual_minors"] == 0.05
    assert found["violence"] == pytest.approx(0.8 * 0.19)
