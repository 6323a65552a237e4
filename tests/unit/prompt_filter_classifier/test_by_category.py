"""How the model's outputs become scores by category."""

from __future__ import annotations

import numpy as np
import pytest

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
    (scores,) = by_category(np.array([[given[output] for output in OUTPUTS]]))
    return {category.label: score for category, score in scores.items()}


def test_harm_of_any_kind_counts_a_share_below_every_threshold() -> None:
    assert _scores(any=1.0) == {**QUIET, "violence": 0.19}


def test_what_is_likelier_than_the_share_stays() -> None:
    assert _scores(sexual=0.9, any=0.95)["sexual"] == pytest.approx(0.9)


@pytest.mark.parametrize("kind", ["sexual_minors", "nonconsensual"])
def test_what_is_not_sexual_is_of_no_sexual_kind(kind: str) -> None:
    assert _scores(**{kind: 0.4}, any=0.5)[kind] == QUIET["sexual"]


def test_suspicion_never_falls_on_minors() -> None:
    found = _scores(sexual=0.06, sexual_minors=0.05, violence=0.1, any=0.8)
    assert found["sexual_minors"] == 0.05
    assert found["violence"] == pytest.approx(0.8 * 0.19)
