"""Passages are as suspicious as they are by themselves, wherever they are cut."""

from __future__ import annotations

import numpy as np
import pytest

from services.prompt_filter.classifier.heads import ANY, OUTPUTS
from services.prompt_filter.classifier.passages import passages
from services.prompt_filter.classifier.suspicion import Suspicion
from tests.unit.prompt_filter_classifier.tiny_model import linear_model, readout

TEXTS = {
    "words": "a quiet harbour at dawn with small boats " * 20,
    "one long word": "harbour" * 90,
    "a long word among short ones": f"at dawn {'harbour' * 40} with small boats " * 3,
}


@pytest.mark.parametrize("text", [text.strip() for text in TEXTS.values()], ids=list(TEXTS))
@pytest.mark.parametrize("characters", [50, 130])
def test_passages_are_as_suspicious_as_by_themselves(text: str, characters: int) -> None:
    linear = linear_model()
    parts = passages(text, characters)
    alone = readout()(np.concatenate([linear.logits([part]) for part in parts]))
    found = Suspicion(linear, readout(), text)(parts)
    assert found.tobytes() == alone[:, OUTPUTS.index(ANY)].tobytes()


@pytest.mark.parametrize("row", range(5))
def test_words_that_were_looked_up_among_others_say_the_same(row: int) -> None:
    linear = linear_model()
    texts = ["", "a lake", *(text.strip() for text in TEXTS.values())]
    parts = passages(texts[row], 50)
    known = linear.score(texts).words_of(row)
    assert known is not None
    expected = Suspicion(linear, readout(), texts[row])(parts)
    assert Suspicion(linear, readout(), texts[row], known)(parts).tobytes() == expected.tobytes()


def test_words_of_very_many_texts_are_not_kept() -> None:
    texts = ["a quiet harbour " * 5_000] * 3
    scored = linear_model().score(texts)
    assert scored.words_of(1) is None
    assert scored.logits.shape[0] == len(texts)
