"""Figures of the evaluation, against scikit-learn and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from services.prompt_filter.evaluation.statistics import (
    area,
    auprc,
    auroc,
    calibration_error,
    f1,
    rate,
    recall_at,
)


def scored(seed: int, *, ties: bool) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    positive = chance.random(200) < 0.3
    score = chance.normal(size=200) + positive
    return (np.round(score, 0 if ties else 9), positive)


@pytest.mark.parametrize("ties", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_areas_agree_with_scikit_learn(seed: int, ties: bool) -> None:
    score, positive = scored(seed, ties=ties)
    even = np.ones(len(score))
    assert auroc(score, positive, even) == pytest.approx(roc_auc_score(positive, score))
    assert auprc(score, positive, even) == pytest.approx(average_precision_score(positive, score))


def test_weights_are_as_good_as_repeats() -> None:
    score, positive = scored(1, ties=True)
    weight = np.random.default_rng(0).integers(0, 4, len(score))
    expected = roc_auc_score(np.repeat(positive, weight), np.repeat(score, weight))
    assert auroc(score, positive, weight.astype(float)) == pytest.approx(expected)


def test_recall_keeps_to_its_false_positives() -> None:
    score = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    positive = np.array([True, False, True, True, False, False])
    even = np.ones(6)
    assert recall_at(0.0)(score, positive, even) == pytest.approx(1 / 3)
    assert recall_at(0.34)(score, positive, even) == 1.0


def test_an_interval_holds_its_figure_and_repeats() -> None:
    score, positive = scored(2, ties=False)
    one, two = (area(auroc, score, positive, seed=5) for _ in range(2))
    assert one is not None
    assert one == two
    assert one.low < one.value < one.high


def test_an_area_needs_both_classes() -> None:
    assert area(auroc, np.array([0.1, 0.2]), np.array([True, True]), seed=1) is None


def test_clusters_widen_the_interval() -> None:
    hits = [True] * 50 + [False] * 50
    apart = rate(hits, [str(at) for at in range(100)], seed=1)
    together = rate(hits, [str(at // 10) for at in range(100)], seed=1)
    assert apart is not None
    assert together is not None
    assert apart.value == together.value == 0.5
    assert together.high - together.low > 1.5 * (apart.high - apart.low)


def test_where_nothing_was_hit_the_rule_of_three_bounds_it() -> None:
    nothing = rate([False] * 300, [str(at) for at in range(300)], seed=1)
    assert nothing is not None
    assert (nothing.value, nothing.low, nothing.high) == (0.0, 0.0, 0.01)


def test_no_cases_have_no_rate() -> None:
    assert rate([], [], seed=1) is None


def test_f1_counts_missed_and_wrong() -> None:
    found, wrong = [True, True, True, False], [True, False, False]
    figure = f1(found, list("abcd"), wrong, list("xyz"), seed=1)
    assert figure is not None
    assert figure.value == pytest.approx(2 * 3 / (2 * 3 + 1 + 1))
    assert figure.low <= figure.value <= figure.high


def test_a_calibrated_score_has_no_error() -> None:
    score = np.repeat([0.25, 0.75], 400)
    target = np.concatenate([np.arange(400) % 4 == 0, np.arange(400) % 4 != 0]).astype(float)
    assert calibration_error(score, target) == pytest.approx(0.0)
    assert calibration_error(score, 1 - target) == pytest.approx(0.5)
