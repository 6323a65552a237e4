from __future__ import annotations

import numpy as np
import pytest

from services.prompt_filter.classifier.readout import Readout, agreeing
from services.prompt_filter.training.logistic import expected_calibration_error, logistic


def test_log_odds_are_a_weighted_sum_of_all_raw_scores() -> None:
    readout = Readout(np.array([[1.0, 0.0], [-2.0, 0.5]]), np.array([0.5, 0.0]))
    (found,) = readout(np.array([[2.0, 1.0]]))
    assert found.tolist() == pytest.approx([1 / (1 + np.exp(-0.5)), 1 / (1 + np.exp(-0.5))])


def test_a_text_reads_the_same_alone_and_among_others() -> None:
    random = np.random.default_rng(3)
    readout = Readout(random.normal(size=(16, 7)), random.normal(size=7))
    raw = random.normal(size=(50, 16))
    assert np.array_equal(readout(raw), np.vstack([readout(row[None]) for row in raw]))


@pytest.mark.parametrize(("weights", "intercept"), [((3, 2), 3), ((3,), 3), ((3, 2), 1)])
def test_weights_that_fit_no_intercept_are_refused(weights: tuple[int, ...], intercept: int) -> None:
    with pytest.raises(ValueError, match="weight for each"):
        Readout(np.zeros(weights), np.zeros(intercept))


def test_regression_recovers_the_probability_that_made_the_labels() -> None:
    random = np.random.default_rng(5)
    raw = random.normal(0, 1.5, (8000, 2))
    truth = 1 / (1 + np.exp(-(2 * raw[:, 0] - raw[:, 1] - 1)))
    labels = (random.random(8000) < truth).astype(float)
    weights, intercept = logistic(raw, labels, np.full(8000, 0.2), 10.0)
    found = 1 / (1 + np.exp(-(raw @ weights + intercept)))
    assert np.abs(found - truth).max() < 0.07
    assert expected_calibration_error(found, labels) < 0.02


def test_soft_targets_count_for_both_sides() -> None:
    raw = np.linspace(-1, 1, 200)[:, None]
    _, intercept = logistic(raw, np.full(200, 0.8), np.ones(200), 1.0)
    middle = 1 / (1 + np.exp(-intercept))
    assert middle == pytest.approx(0.8, abs=0.01)


def test_calibration_error_of_a_constant_is_its_distance_from_the_share() -> None:
    outcome = np.array([1.0, 0.0] * 50)
    assert expected_calibration_error(np.full(100, 0.9), outcome, bins=1) == pytest.approx(0.4)


def test_no_output_stays_likelier_than_any_harm() -> None:
    probabilities = np.array([[0.9, 0.1, 0.5, 0.2, 0.3, 0.3], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]])
    expected = [[0.3, 0.1, 0.3, 0.2, 0.3, 0.3], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]]
    assert agreeing(probabilities).tolist() == expected
