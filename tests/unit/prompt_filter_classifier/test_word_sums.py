"""Remembered sums of words: equal to the n-grams that training reads, whatever was asked before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.classifier import word_sums
from services.prompt_filter.classifier.heads import HEADS
from services.prompt_filter.classifier.linear import SCORED, LinearModel
from services.prompt_filter.training.linear_training import features
from services.prompt_filter.training.static_embeddings import bags
from tests.unit.prompt_filter_classifier.tiny_model import linear_model

WORDS = st.text("abc\u0436\u6c34\U0001f600\ud800", min_size=1, max_size=40)
TEXTS = st.lists(st.lists(WORDS, max_size=8).map(" ".join), min_size=1, max_size=6)


def _by_matrix(model: LinearModel, texts: list[str]) -> np.ndarray:
    """The scores by the very features that training reads."""
    ngrams, pieces = model.ngrams, model.pieces
    counted = features(texts, ngrams.shape)
    chars = counted[:, : len(ngrams.char_weights)]
    words = counted[:, len(ngrams.char_weights) :]
    by_ngrams = (
        ngrams.bias
        + chars @ (_companded(ngrams.char_weights) * ngrams.char_scale)
        + words @ (_companded(ngrams.word_weights) * ngrams.word_scale)
    )
    bagged = bags(texts, pieces.vocabulary) @ (_companded(pieces.weights) * pieces.scale)
    return np.hstack([by_ngrams, pieces.bias + bagged])


def _companded(weights: np.ndarray) -> np.ndarray:
    return weights.astype(np.float64) * np.abs(weights.astype(np.float64))


@given(TEXTS)
def test_served_scores_are_those_of_the_features_that_training_reads(texts: list[str]) -> None:
    model = linear_model()
    np.testing.assert_allclose(model.logits(texts), _by_matrix(model, texts), rtol=1e-5, atol=1e-5)


@given(TEXTS, TEXTS)
def test_scores_are_alike_to_the_byte_whatever_is_remembered(before: list[str], texts: list[str]) -> None:
    cold, warm = linear_model(), linear_model()
    warm.logits(before)
    alone = np.concatenate([linear_model().logits([text]) for text in texts])
    assert warm.logits(texts).tobytes() == cold.logits(texts).tobytes() == alone.tobytes()


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [" ".join(f"w{number * step}" for number in range(40)) for step in range(1, 20)]
    expected = linear_model().logits(texts)
    monkeypatch.setattr(word_sums, "_REMEMBERED", 50)
    small = linear_model()
    found = np.concatenate([small.logits([text]) for text in texts])
    assert found.tobytes() == expected.tobytes() == small.logits(texts).tobytes()


def test_long_words_are_not_kept() -> None:
    model = linear_model()
    sums = model._word_sums
    long = ["x" * 20_000, "y" * 33]
    first = model.logits([" ".join(["short", *long, "words"])])
    assert set(sums._numbers) == {"short", "words"}
    assert model.logits([" ".join(["short", *long, "words"])]).tobytes() == first.tobytes()


def test_texts_beyond_a_block_score_alike() -> None:
    texts = [f"{'word ' * 9000}{number}" for number in range(8)]
    model = linear_model()
    assert model.logits(texts).tobytes() == b"".join(model.logits([text]).tobytes() for text in texts)


def test_no_texts_have_no_scores() -> None:
    assert linear_model().logits([]).shape == (0, SCORED * len(HEADS))
