from __future__ import annotations

import numpy as np
import pytest

from services.prompt_filter.classifier.heads import ANY, ANY_IN_PROSE, HEADS, OUTPUTS, READ, UNSAFE
from services.prompt_filter.classifier.readout import Readout
from services.prompt_filter.training.logistic import expected_calibration_error, logistic


def _raw(*scores: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """One text with these raw scores of the heads."""
    return np.array([scores])


def test_log_odds_are_a_weighted_sum_of_all_raw_scores() -> None:
    weights = np.zeros((len(HEADS), len(READ)))
    weights[:2, 0] = 1.0, -2.0
    readout = Readout(weights, np.full(len(READ), 0.5), trust=0.0)
    (found,) = readout(_raw(2.0, 1.0, *[7.0] * (len(HEADS) - 2)))
    assert found.tolist() == pytest.approx([1 / (1 + np.exp(-0.5))] * len(OUTPUTS))


@pytest.mark.parametrize(("prose", "odds"), [(-1.0, 1.0), (0.0, 1.0), (0.1, 9.0)])
def test_any_harm_in_prose_is_read_apart(prose: float, odds: float) -> None:
    intercept = np.zeros(len(READ))
    intercept[READ.index(ANY_IN_PROSE)] = np.log(9.0)
    readout = Readout(np.zeros((len(HEADS), len(READ))), intercept, trust=0.0)
    (found,) = readout(_raw(*[0.0] * (len(HEADS) - 1), prose))
    assert found[OUTPUTS.index(ANY)] == pytest.approx(odds / (1 + odds))
    assert found[:-1].tolist() == [0.5] * (len(OUTPUTS) - 1)


@pytest.mark.parametrize(("prose", "sexual"), [(0.0, 0.3), (1.0, 0.9)])
def test_no_category_of_an_image_prompt_is_likelier_than_what_sources_call_harm(
    prose: float, sexual: float
) -> None:
    likely = dict.fromkeys(READ, 0.1) | {"sexual": 0.9, ANY: 0.3, ANY_IN_PROSE: 0.3, UNSAFE: 0.9}
    intercept = np.array([np.log(likely[one] / (1 - likely[one])) for one in READ])
    readout = Readout(np.zeros((len(HEADS), len(READ))), intercept, trust=1.0)
    (found,) = readout(_raw(*[0.0] * (len(HEADS) - 1), prose))
    assert found[:-1].tolist() == pytest.approx([sexual, 0.1, 0.1, 0.1, 0.1])
    assert found[-1] == pytest.approx(1 - 0.7 * 0.1)


@pytest.mark.parametrize("prose", [-1.0, 1.0])
def test_what_raters_would_call_unsafe_is_harm_as_far_as_they_are_trusted(prose: float) -> None:
    intercept = np.zeros(len(READ))
    intercept[READ.index(UNSAFE)] = np.log(0.4 / 0.6)
    readout = Readout(np.zeros((len(HEADS), len(READ))), intercept, trust=0.5)
    (found,) = readout(_raw(*[0.0] * (len(HEADS) - 1), prose))
    assert found[OUTPUTS.index(ANY)] == pytest.approx(1 - (1 - 0.5) * (1 - 0.5 * 0.4))
    assert found[:-1].tolist() == [0.5] * (len(OUTPUTS) - 1)


def test_a_text_reads_the_same_alone_and_among_others() -> None:
    random = np.random.default_rng(3)
    readout = Readout(random.normal(size=(16, len(READ))), random.normal(size=len(READ)), trust=0.5)
    raw = random.normal(size=(50, 16))
    assert np.array_equal(readout(raw), np.vstack([readout(row[None]) for row in raw]))


@pytest.mark.parametrize(("weights", "intercept"), [((3, 8), 7), ((8,), 8), ((3, 7), 8), ((3, 8, 8), 8)])
def test_weights_that_fit_no_intercept_are_refused(weights: tuple[int, ...], intercept: int) -> None:
    with pytest.raises(ValueError, match="weight for each"):
        Readout(np.zeros(weights), np.zeros(intercept), trust=0.5)


@pytest.mark.parametrize("trust", [-0.1, 1.1, float("nan")])
def test_trust_that_is_no_share_is_refused(trust: float) -> None:
    with pytest.raises(ValueError, match="trust"):
        Readout(np.zeros((len(HEADS), len(READ))), np.zeros(len(READ)), trust)


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


def test_of_no_examples_nothing_is_learnt() -> None:
    weights, intercept = logistic(np.empty((0, 3)), np.empty(0), np.empty(0), 1.0)
    assert [*weights, intercept] == [0.0] * 4
