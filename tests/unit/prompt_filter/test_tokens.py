from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.text.tokens import Tokens, plainly_parted

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
    single = [len(chunk) == 1 for chunk in text.split()]
    apart = sum(single) >= 3 and any(map(bool.__and__, single, single[1:]))
    runs = re.finditer(r"(?<!\S)\S(?:\s+\S){2,}(?=[.,;:!?]*(?:\s|$))", text) if apart else ()
    assert Tokens(text).spelled == [(*run.span(), "".join(run.group().split())) for run in runs]


@given(st.text("ab., \n3-", max_size=30))
def test_plainly_parted_words_are_the_words_of_the_text(text: str) -> None:
    plain = plainly_parted(text)
    assert plain in ([], Tokens(text).words)
    assert [chunk.rstrip(".,") for chunk in text.split() if chunk.strip(".,")] == plain or not plain


def test_words_between_spaces_and_commas_are_plainly_parted() -> None:
    assert plainly_parted("a quiet lake, at dawn. no boats..") == "a quiet lake at dawn no boats".split()
    for other in ("", "lake-house", "lake,house", "(lake)", "4k", "a lake\nat dawn", "lake's"):
        assert plainly_parted(other) == []
