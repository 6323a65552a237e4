"""Prompt syntax is blanked in place, and what is asked to be left out is marked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.text.syntax import parse

SYNTAX = st.lists(
    st.sampled_from([*"ab 12.:|-()[]{}<>,_\n", "--no ", "score_", "negative prompt:", "1.2", "16:9"])
).map("".join)


@given(SYNTAX | st.text())
def test_nothing_moves(text: str) -> None:
    parsed = parse(text)
    assert len(parsed.text) == len(text)
    assert all(now in (before, " ") for before, now in zip(text, parsed.text, strict=True))
    assert all(0 <= start <= end <= len(text) for start, end in parsed.excluded)


@given(st.text(alphabet="abc ,.'"))
def test_text_without_signs_is_left_alone(text: str) -> None:
    assert parse(text).text == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(lake:1.2)", ["lake"]),
        ("((lake)), [house:0.5]", ["lake", ",", "house"]),
        ("lake --ar 16:9 --v 6", ["lake"]),
        ("score_9, lake", [",", "lake"]),
        ("lake in 2014", ["lake", "in"]),
        ("lake, 16k, 35mm", ["lake", ",", ","]),
        ("[lake|house]", ["lake", "house"]),
        ("{lake|house} wall", ["lake", "house", "wall"]),
    ],
)
def test_syntax_is_taken_out(text: str, words: list[str]) -> None:
    assert re.findall(r"\w+|,", parse(text).text) == words


@pytest.mark.parametrize(
    "text",
    [
        "lake\nnegative prompt: house",
        "lake. negative_prompt: house",
        "lake --no house",
        "lake --no wall, house",
    ],
)
def test_what_follows_a_negative_marker_is_excluded(text: str) -> None:
    parsed = parse(text)
    assert parsed.excludes(text.index("house"))
    assert not parsed.excludes(text.index("lake"))


def test_a_negative_prompt_ends_where_the_parameters_begin() -> None:
    text = "lake\nnegative prompt: house\nsteps: 20, garden"
    assert not parse(text).excludes(text.index("garden"))


def test_a_parameter_ends_what_no_began() -> None:
    text = "lake --no house --ar 16:9 garden"
    assert not parse(text).excludes(text.index("garden"))
