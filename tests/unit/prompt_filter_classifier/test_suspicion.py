"""Passages are as suspicious as they are by themselves, wherever they are cut."""

from __future__ import annotations

import random

import numpy as np
import pytest

from services.prompt_filter.classifier.heads import ANY, OUTPUTS
from services.prompt_filter.classifier.linear import LinearModel
from services.prompt_filter.classifier.passages import passages
from services.prompt_filter.classifier.suspicion import Suspicion
from tests.unit.prompt_filter_classifier.tiny_model import linear_model, readout

TEXTS = {
    "words": "a quiet harbour at dawn with small boats " * 20,
    "one long word": "harbour" * 90,
    "a long word among short ones": f"at dawn {'harbour' * 40} with small boats " * 3,
}


def _by_themselves(linear: LinearModel, parts: list[str]) -> list[str]:
    """The passages, the most suspicious first, each scored alone."""
    scores = readout()(np.concatenate([linear.logits([part]) for part in parts]))[:, OUTPUTS.index(ANY)]
    return [parts[index] for index in np.argsort(-scores, kind="stable")]


@pytest.mark.parametrize("text", [text.strip() for text in TEXTS.values()], ids=list(TEXTS))
@pytest.mark.parametrize("characters", [50, 130])
def test_passages_are_as_suspicious_as_by_themselves(text: str, characters: int) -> None:
    linear = linear_model()
    parts = passages(text, characters)
    assert Suspicion(linear, readout(), text).worst(parts, len(parts)) == _by_themselves(linear, parts)


@pytest.mark.parametrize("row", range(3))
def test_words_that_were_looked_up_among_others_say_the_same(row: int) -> None:
    linear = linear_model()
    texts = [text.strip() for text in TEXTS.values()]
    parts = passages(texts[row], 50)
    known = linear.score(["", "a lake", *texts]).words_of(row + 2)
    assert known is not None
    expected = Suspicion(linear, readout(), texts[row]).worst(parts, 3)
    assert Suspicion(linear, readout(), texts[row], known).worst(parts, 3) == expected
    assert len(expected) == 3


def test_noise_is_not_read() -> None:
    chance = random.Random(5)
    noise = ["".join(chance.choices("abcdrewy", k=9)) for _ in range(60)]
    text = " ".join([*noise[:30], *["word"] * 20, *noise[30:]])
    parts = passages(text, 50)
    chosen = Suspicion(linear_model(), readout(), text).worst(parts, len(parts))
    assert 0 < len(chosen) <= 4
    assert all("word" in part for part in chosen)


@pytest.mark.parametrize("sign", ["👶🧒", "123 45"])
def test_signs_and_figures_without_letters_are_not_read(sign: str) -> None:
    text = f"{sign} " * 40 + "word " * 10 + f"{sign} " * 40
    parts = passages(text.strip(), 50)
    chosen = Suspicion(linear_model(), readout(), text).worst(parts, len(parts))
    assert 0 < len(chosen) < len(parts)
    assert all("word" in part for part in chosen)


def test_another_script_is_no_noise() -> None:
    text = "тихая гавань на рассвете " * 10
    parts = passages(text, 50)
    assert len(Suspicion(linear_model(), readout(), text).worst(parts, 2)) == 2


def test_words_of_very_many_texts_are_not_kept() -> None:
    texts = ["a quiet harbour " * 5_000] * 3
    scored = linear_model().score(texts)
    assert scored.words_of(1) is None
    assert scored.logits.shape[0] == len(texts)
