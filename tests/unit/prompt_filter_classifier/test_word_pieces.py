"""Words are cut as the encoders' own tokenizer cuts them, and weigh what their pieces weigh."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers.models import WordPiece

from services.prompt_filter.classifier.word_pieces import UNKNOWN, PieceSums, WordCutter

VOCABULARY = (UNKNOWN, "snow", "##man", "##men", "s", "##now", "##flake", "##s", "##n", "no")


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


@given(st.lists(st.text("snowmanflke\u96ea", min_size=1, max_size=12), min_size=1, max_size=5))
def test_words_are_cut_as_the_tokenizer_of_the_encoders_cuts_them(words: list[str]) -> None:
    numbers = {piece: number for number, piece in enumerate(VOCABULARY)}
    reference = WordPiece(numbers, unk_token=UNKNOWN)
    expected = [[piece.id for piece in reference.tokenize(word)] for word in words]
    cut, counts = WordCutter(VOCABULARY).cut(words)
    assert cut.tolist() == [number for word in expected for number in word]
    assert counts.tolist() == list(map(len, expected))


def test_a_word_weighs_what_its_pieces_weigh() -> None:
    weights = np.arange(20, dtype=np.int16).reshape(10, 2)
    rows = PieceSums(WordCutter(VOCABULARY), weights).of(["snowman", "man", "snow"])
    assert rows.tolist() == [[2 + 4, 3 + 5, 2], [0, 1, 1], [2, 3, 1]]


def test_no_words_have_no_rows() -> None:
    assert PieceSums(WordCutter(VOCABULARY), np.ones((10, 2), np.int16)).of([]).shape == (0, 3)
