"""Ordinary words that hold a listed one are known, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from services.prompt_filter.matching.look_alikes import LookAlikes
from tests.unit.prompt_filter.placeholders import AMBIGUOUS, EXPLICIT, MINOR, VULGAR, lexicon

HOLDING = f"{EXPLICIT}shire"


def look_alikes() -> LookAlikes:
    words = {HOLDING, f"{AMBIGUOUS}ton", f"{MINOR}ham", EXPLICIT}
    return LookAlikes(lexicon().entries, lexicon().dictionary | words)


@pytest.mark.parametrize("text", [HOLDING, f"a bridge in {HOLDING}, at night", f"{VULGAR} {HOLDING}"])
def test_an_ordinary_word_that_holds_a_listed_one(text: str) -> None:
    assert look_alikes().any_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a bridge at night",
        EXPLICIT,
        f"a {EXPLICIT} bridge",
        f"{EXPLICIT}xyz",
        f"{AMBIGUOUS}ton {MINOR}ham",
        "桥",
    ],
)
def test_listed_and_unknown_words_are_none(text: str) -> None:
    assert not look_alikes().any_in(text)


def test_nothing_looks_like_nothing() -> None:
    assert not LookAlikes((), frozenset({HOLDING})).any_in(HOLDING)
