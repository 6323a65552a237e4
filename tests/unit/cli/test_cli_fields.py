"""Fields are taken out by type, or refused by name."""

from typing import Any

import pytest

from services.chassis.errors import InvalidInputError
from services.cli.fields import Fields
from services.contracts.vocabulary import Category


def test_scores_are_read_by_category() -> None:
    fields = Fields({"prompt": {"sexual": 1, "VIOLENCE": 0.5}, "image": None})
    assert fields.scores("prompt") == {Category.SEXUAL: 1.0, Category.VIOLENCE: 0.5}
    assert fields.scores("image") is None
    assert fields.scores("other") is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("sexual", "INVALID_FIELD"),
        ({"sexual": "1"}, "INVALID_FIELD"),
        ({"sexual": True}, "INVALID_FIELD"),
        ({"unheard": 0.1}, "UNKNOWN_CATEGORY"),
        ({"sexual": 1.01}, "SCORE_OUT_OF_RANGE"),
        ({"sexual": -0.01}, "SCORE_OUT_OF_RANGE"),
        ({"sexual": float("nan")}, "SCORE_OUT_OF_RANGE"),
    ],
)
def test_unfit_scores_are_refused(value: Any, code: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Fields({"prompt": value}).scores("prompt")
    assert refusal.value.code == code


def test_flags_and_defaults() -> None:
    fields = Fields({"yes": True, "word": 1})
    assert fields.flag("yes")
    assert not fields.flag("no")
    assert fields.text("absent", default="d") == "d"
    with pytest.raises(InvalidInputError, match="word must be true or false"):
        fields.flag("word")
    with pytest.raises(InvalidInputError, match="word must be a string"):
        fields.text("word", default="d")
