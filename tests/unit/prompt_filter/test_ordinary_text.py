"""In a text that is told to be ordinary at a glance, a closer look finds nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import EXPLICIT, entry, fold, lexicon

MATCHER = Matcher(lexicon(entry("red light"), entry("cat"), allowed=frozenset({"b-day", "b", "4k"})), fold())
PIECES = [
    "a",
    "b",
    "red",
    "light",
    "cat",
    "river",
    "man",
    EXPLICIT,
    EXPLICIT[:3],
    EXPLICIT[3:],
    EXPLICIT + EXPLICIT[-1],
    "b-day",
    "4k",
    "35mm",
    "grumbling",
    "7",
    "s",
    "dog,",
    "door.",
    ",",
    ".",
]


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([" ", ", ", ". ", "  ", "\n", ""]))))
def test_nothing_is_found_in_ordinary_text(pieces: list[tuple[str, str]]) -> None:
    text = "".join(map("".join, pieces))
    words = MATCHER.ordinary(text)
    tokens = Tokens(text)
    if words:
        assert words == tokens.words
        assert (MATCHER.find(tokens), MATCHER.meant(tokens), MATCHER.too_odd(tokens)) == ([], [], False)


@pytest.mark.parametrize(
    "text",
    [
        "a calm river", "a dog. a door..", "red light\non water", "the old man and the sea,",
        "a grumbling dog", "35mm film, 8k",
    ],
)  # fmt: skip
def test_words_that_are_known_or_hide_nothing_are_ordinary(text: str) -> None:
    assert Matcher(lexicon(), fold()).ordinary(text) == Tokens(text).words


@pytest.mark.parametrize(
    "text",
    [
        "", "a cat", f"a {EXPLICIT}", "a red light", "a red, light", "a a a", "a a , ", "a dog\n, a\n, door",
        "the b road", "4k", "b-day",
        "lake-house", "red,cat", "ré", "a " * 2_000, "7 8 9",
        f"a {EXPLICIT}{EXPLICIT[-1]}", f"a {EXPLICIT[:3]} {EXPLICIT[3:]}",
        " ".join(f"word{n}" for n in range(30)),
    ],
)  # fmt: skip
def test_what_may_say_something_is_not_ordinary(text: str) -> None:
    assert MATCHER.ordinary(text) == []
