"""Words are cut as the encoders' own tokenizer cuts them, and weigh what their pieces weigh."""

from __future__ import annotations

import numpy as np
import pytest

from services.prompt_filter.classifier.word_pieces import UNKNOWN, PieceSums, WordCutter

VOCABULARY = (UNKNOWN, "snow", "##man", "##men", "s", "##now", "##flake")


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("snow", ["snow"]),
        ("snowman", ["snow", "##man"]),
        ("snowmen", ["snow", "##men"]),
        ("snowflake", ["snow", "##flake"]),
        ("man", [UNKNOWN]),
        ("snowy", [UNKNOWN]),
        ("a\ud800", [UNKNOWN]),
        ("\ud800", [UNKNOWN]),
        ("\u96ea", [UNKNOWN]),
    ],
)
def test_the_longest_pieces_come_first(word: str, pieces: list[str]) -> None:
    cut, counts = WordCutter(VOCABULARY).cut(["snowman", word, "snow"])
    assert [VOCABULARY[number] for number in cut] == ["snow", "##man", *pieces, "snow"]
    assert counts.tolist() == [2, len(pieces), 1]


def test_a_word_weighs_what_its_pieces_weigh() -> None:
    weights = np.arange(14, dtype=np.int16).reshape(7, 2)
    rows = PieceSums(WordCutter(VOCABULARY), weights).of(["snowman", "man", "snow"])
    assert rows.tolist() == [[2 + 4, 3 + 5, 2], [0, 1, 1], [2, 3, 1]]


def test_no_words_have_no_rows() -> None:
    assert PieceSums(WordCutter(VOCABULARY), np.ones((7, 2), np.int16)).of([]).shape == (0, 3)
