from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from services.prompt_filter.classifier.heads import HEADS
from services.prompt_filter.classifier.linear import LinearModel
from services.prompt_filter.classifier.ngrams import NgramShape
from services.prompt_filter.training.linear_training import (
    LinearSettings,
    compand,
    features,
    fit,
)
from tests.unit.prompt_filter_classifier.tiny_model import linear_model

SHAPE = NgramShape(char_bits=12, word_bits=11)
TEXTS = [f"a {colour} {thing}" for colour in ("red", "blue") for thing in ("cup", "hat", "car")] * 3


def _fitted() -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    matrix = features(TEXTS, SHAPE)
    targets = np.repeat([["red" in text] for text in TEXTS], len(HEADS), axis=1).astype(float)
    settings = LinearSettings(SHAPE, penalty=1e-4, unsafe_penalty=1e-4)
    weights, bias = fit(matrix, targets, np.ones_like(targets), settings)
    return matrix, weights, bias


def _served(weights: np.ndarray, bias: np.ndarray, texts: list[str]) -> np.ndarray:
    """Scores by n-grams."""
    model = LinearModel(compand(weights, bias, SHAPE), linear_model().pieces)
    return model.logits(texts)[:, : len(HEADS)]


def test_served_scores_equal_the_trained_matrix_product() -> None:
    matrix, weights, bias = _fitted()
    served = _served(weights, bias, TEXTS)
    np.testing.assert_allclose(served, matrix @ weights + bias, atol=0.1)


def test_training_separates_what_can_be_separated() -> None:
    _, weights, bias = _fitted()
    served = _served(weights, bias, ["a red lamp", "a blue lamp"])
    assert (served[0] > 0).all()
    assert (served[1] < 0).all()


def test_a_head_without_weight_stays_zero() -> None:
    matrix = features(TEXTS, SHAPE)
    targets = np.full((len(TEXTS), len(HEADS)), np.nan)
    weights, bias = fit(matrix, targets, np.zeros_like(targets), LinearSettings(SHAPE))
    assert not weights.any()
    assert not bias.any()
