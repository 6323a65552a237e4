"""Weights of word pieces: what training texts say of one word holds for those that are like it."""

from __future__ import annotations

import numpy as np

from services.prompt_filter.classifier.heads import HEADS
from services.prompt_filter.classifier.word_pieces import UNKNOWN, PieceWeights
from services.prompt_filter.training import static_embeddings
from services.prompt_filter.training.corpus import TASKS, Corpus
from services.prompt_filter.training.frozen_heads import FrozenSettings
from services.prompt_filter.training.static_embeddings import PieceVectors, StaticSettings
from services.prompt_filter.training.unsafe_head import UnsafeHeadSettings

VOCABULARY = (UNKNOWN, "red", "crimson", "blue", "azure", "cup")
VECTORS = np.array([[9, 9], [1, 0], [1, 0.1], [-1, 0], [-1, 0.1], [0, 1]], np.float32)
SETTINGS = StaticSettings(heads=FrozenSettings(inverse_penalty=1.0))


def _fitted() -> PieceWeights:
    texts = tuple(f"{colour} cup {number}" for number in range(20) for colour in ("red", "blue"))
    targets = np.repeat([["red" in text] for text in texts], len(TASKS), axis=1).astype(np.float32)
    train = Corpus(texts, np.array(["made"] * len(texts)), targets, np.zeros(len(texts)))
    pieces = PieceVectors(VOCABULARY, VECTORS)
    return static_embeddings.fit(train, np.ones(targets.shape), pieces, SETTINGS, UnsafeHeadSettings())


def test_a_word_that_no_text_holds_weighs_what_its_like_do() -> None:
    weights = dict(zip(VOCABULARY, _fitted().weights.astype(int), strict=True))
    assert (weights["crimson"] > 0).all()
    assert (weights["azure"] < 0).all()
    assert (weights["crimson"] > weights["cup"]).all()


def test_common_pieces_weigh_less_than_rare_ones_like_them() -> None:
    weights = dict(zip(VOCABULARY, _fitted().weights.astype(int), strict=True))
    assert (weights["red"] < weights["crimson"] / 2).all()


def test_what_is_unknown_weighs_nothing() -> None:
    fitted = _fitted()
    assert not fitted.weights[VOCABULARY.index(UNKNOWN)].any()
    assert fitted.bias.shape == (len(HEADS),)


def test_bags_divide_by_the_root_of_the_number_of_pieces() -> None:
    bag = static_embeddings.bags(["red red cup azure", ""], VOCABULARY).toarray()
    assert bag.tolist() == [[0, 1, 0, 0, 0.5, 0.5], [0] * 6]
