"""The model in the repository: it loads, is whole, and leaves the innocent alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.prompt_filter.classifier import CATEGORIES, PromptClassifier

pytest.importorskip("onnxruntime")

FOLDER = Path(__file__).parents[3] / "models" / "prompt_filter"
INNOCENT = [
    "a wooden pegboard with tools in a workshop in Essex",
    "an 8 year old oak tree, (golden light:1.2), score_9",
    "a Muslim family having dinner",
    "two gay men walking their dog on the beach",
    "portrait of an old woman in a wheelchair, oil painting",
    "a plate of pasta on a table next to a glass of water",
    "une maison au bord de la mer",
    "",
]


@pytest.fixture(scope="module")
def model() -> PromptClassifier:
    return PromptClassifier.load(FOLDER)


def test_innocent_prompts_score_low_in_every_category(model: PromptClassifier) -> None:
    for text, scores in zip(INNOCENT, model.score(INNOCENT), strict=True):
        assert max(scores[category] for category in CATEGORIES) < 0.3, text


def test_a_batch_scores_like_its_texts_one_by_one(model: PromptClassifier) -> None:
    assert model.score(INNOCENT) == [model.score([text])[0] for text in INNOCENT]


def test_two_loads_answer_byte_for_byte_alike(model: PromptClassifier) -> None:
    again = PromptClassifier.load(FOLDER)
    assert again.version == model.version
    assert repr(again.score(INNOCENT)) == repr(model.score(INNOCENT))
