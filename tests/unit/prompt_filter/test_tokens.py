from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.text.tokens import Tokens, trimmed_chunks

TEXTS = st.text("ab1_ .,-\n\u00e9\u6c34\u0301\u00a0", max_size=40) | st.text(max_size=40)


@given(TEXTS)
def test_words_are_runs_of_letters_and_digits_and_have_their_places(text: str) -> None:
    tokens = Tokens(text)
    expected = list(re.finditer(r"[^\W_]+", text))
    assert tokens.words == [match.group() for match in expected]
    for index in reversed(range(len(expected))):
        assert tokens.words_span(index, index) == expected[index].span()
    if expected:
        whole = expected[0].start(), expected[-1].end()
        assert Tokens(text).words_span(0, len(expected) - 1) == whole


@given(TEXTS)
def test_chunks_stand_between_white_space_and_have_their_places(text: str) -> None:
    tokens = Tokens(text)
    expected = list(re.finditer(r"\S+", text))
    assert tokens.chunks == [match.group() for match in expected]
    for index, match in enumerate(expected):
        assert tokens.chunk_span(index) == match.span()


def test_the_word_at_a_place_is_found_by_its_number() -> None:
    tokens = Tokens(", red boat")
    assert [tokens.word_of(position) for position in (0, 2, 5, 6, 99)] == [-1, 0, 0, 1, 1]
    assert Tokens("").word_of(3) == -1


@given(st.text("ab., \n\u00a0", max_size=30))
def test_letters_are_spelled_where_three_are_single_and_two_of_them_neighbours(text: str) -> None:
    single = [len(chunk) == 1 or len(chunk.strip(",.")) == 1 for chunk in text.split()]
    apart = sum(single) >= 3 and any(map(bool.__and__, single, single[1:]))
    runs = re.finditer(r"(?<!\S)\S[,.]?(?:\s+\S[,.]?){2,}(?=[.,;:!?]*(?:\s|$))", text) if apart else ()
    expected = [(*run.span(), "".join(run.group().split())) for run in runs]
    assert Tokens(text).spelled == [
        (start, end, letters.replace(",", "").replace(".", "") or letters) for start, end, letters in expected
    ]


@pytest.mark.parametrize(
    "written",
    [
        "b, o, a, t",
        '"b" "o" "a" "t"',
        "'b', 'o', 'a', 't'",
        "“b” “o” “a” “t”",
        "b; o; a; t",
        "b. o. a. t",
        "b/ o/ a/ t",
    ],
)  # fmt: skip
def test_what_stands_beside_every_letter_is_none(written: str) -> None:
    assert Tokens(f"the red {written}").spelled == [(8, 8 + len(written), "boat")]


@given(st.text("ab., \n", max_size=30))
def test_trimmed_chunks_of_letters_alone_are_the_words_of_the_text(text: str) -> None:
    chunks = trimmed_chunks(text)
    if all(map(str.isalpha, chunks)):
        assert chunks == Tokens(text).words
        assert chunks == [chunk.rstrip(".,") for chunk in text.split() if chunk.strip(".,")]


def test_commas_and_full_stops_are_trimmed() -> None:
    assert trimmed_chunks("a quiet lake, at dawn. no boats..") == "a quiet lake at dawn no boats".split()
    assert trimmed_chunks("lake-house lake,house (lake) 4k") == ["lake-house", "lake,house", "(lake)", "4k"]
