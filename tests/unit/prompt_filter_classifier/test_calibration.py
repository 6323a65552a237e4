from __future__ import annotations

import numpy as np
import pytest

from services.prompt_filter.classifier.calibration import Calibration
from services.prompt_filter.training.calibrate import expected_calibration_error, platt


def test_probabilities_rise_with_the_raw_score() -> None:
    calibration = Calibration(np.array([0.5, 3.0]), np.array([0.0, -1.0]))
    found = calibration(np.linspace(-3, 3, 40)[:, None] * np.ones(2))
    assert (np.diff(found, axis=0) > 0).all()
    assert calibration(np.zeros((1, 2)))[0].tolist() == pytest.approx([0.5, 1 / (1 + np.e)])


@pytest.mark.parametrize("slope", [[0.0, 1.0], [-1.0, 1.0], [1.0]])
def test_a_slope_that_would_reorder_texts_is_refused(slope: list[float]) -> None:
    with pytest.raises(ValueError, match="positive slope"):
        Calibration(np.array(slope), np.zeros(2))


def test_platt_recovers_the_probability_that_made_the_labels() -> None:
    random = np.random.default_rng(5)
    raw = random.normal(0, 1.5, 8000)
    truth = 1 / (1 + np.exp(-(2 * raw - 1)))
    labels = (random.random(8000) < truth).astype(float)
    labels[:100] = np.nan
    slope, intercept = platt(raw, labels, np.ones(8000))
    found = 1 / (1 + np.exp(-(slope * raw + intercept)))
    assert np.abs(found - truth).max() < 0.05
    assert expected_calibration_error(found[100:], labels[100:]) < 0.02


def test_calibration_error_of_a_constant_is_its_distance_from_the_share() -> None:
    outcome = np.array([1.0, 0.0] * 50)
    assert expected_calibration_error(np.full(100, 0.9), outcome, bins=1) == pytest.approx(0.4)
