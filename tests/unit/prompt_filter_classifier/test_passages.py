from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.classifier.passages import passages


@given(st.text("ab ", max_size=80).map(lambda text: " ".join(text.split())), st.integers(1, 20))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, characters: int) -> None:
    found = passages(text, characters)
    assert all(len(passage) <= characters for passage in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


def test_cuts_at_spaces() -> None:
    assert passages("aaa bbb ccc", 7) == ["aaa bbb", "ccc"]


def test_passages_are_of_like_length() -> None:
    assert [len(passage) for passage in passages("a b c d e f g h i j k", 19)] == [11, 9]


def test_a_text_without_spaces_is_cut_anyway() -> None:
    assert passages("abcdefg", 3) == ["abc", "def", "g"]


def test_an_empty_text_is_one_empty_passage() -> None:
    assert passages("", 5) == [""]
