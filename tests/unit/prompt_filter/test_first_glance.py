"""Where a first glance is enough, a closer look finds nothing, or silent terms alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.lexicon import Role
from services.prompt_filter.matching.glance import Glance
from services.prompt_filter.matching.hits import View
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import (
    AMBIGUOUS,
    EXPLICIT,
    GORE,
    MINOR,
    PERSON,
    UNDRESS,
    VIOLENCE,
    entry,
    fold,
    lexicon,
)

MATCHER = Matcher(
    lexicon(
        entry("red light"),
        entry("stone street", Role.VIOLENCE),
        entry("cat"),
        allowed=frozenset({"b-day", "b", "4k"}),
    ),
    fold(),
)
PIECES = [
    "a",
    "b",
    "red",
    "light",
    "stone",
    "street",
    "cat",
    "river",
    "man",
    EXPLICIT,
    EXPLICIT[:3],
    EXPLICIT[3:],
    EXPLICIT + EXPLICIT[-1],
    AMBIGUOUS,
    MINOR + ",",
    f"{PERSON}'s",
    f"lake-{VIOLENCE}",
    UNDRESS,
    "house/lake",
    "grumbling-grumbling",
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
def test_a_closer_look_finds_nothing_but_silent_terms(pieces: list[tuple[str, str]]) -> None:
    text = "".join(map("".join, pieces))
    words, silent = MATCHER.glance(text)
    tokens = Tokens(text)
    if words:
        hits = MATCHER.find(tokens)
        assert words == tokens.words
        assert (MATCHER.meant(tokens), MATCHER.too_odd(tokens)) == ([], False)
        assert all(hit.entry.silent and hit.view is View.EXACT for hit in hits)
        assert silent or not hits


@pytest.mark.parametrize(
    "text",
    [
        "a calm river", "a dog. a door..", "red light\non water", "the old man and the sea,",
        "a grumbling dog", "35mm film, 8k", "a lake-house by the grumbling/river", "the old man's boat",
        "a , door",
    ],
)  # fmt: skip
def test_words_that_are_known_or_hide_nothing_need_no_closer_look(text: str) -> None:
    assert Matcher(lexicon(), fold()).glance(text) == Glance(Tokens(text).words)


@pytest.mark.parametrize(
    "text", [f"a {AMBIGUOUS} by the sea", f"a {MINOR}, a {PERSON}", f"{VIOLENCE}.", "stone street"]
)
def test_nor_do_silent_terms(text: str) -> None:
    assert MATCHER.glance(text) == Glance(Tokens(text).words, silent=True)


@pytest.mark.parametrize(
    "text",
    [
        "", "a cat", f"a {EXPLICIT}", "a red light", "a red, light", "a a a", "a a , ", "a dog\n, a\n, door",
        "the b road", "4k", "b-day",
        "red,cat", "ré", f"a {UNDRESS}", f"{GORE} street", f"lake-{UNDRESS}", "a , , door", "a - a -",
        "- - -", "a " * 2_000, "7 8 9",
        f"a {EXPLICIT}{EXPLICIT[-1]}", f"a {EXPLICIT[:3]} {EXPLICIT[3:]}",
        " ".join(f"word{n}" for n in range(30)),
    ],
)  # fmt: skip
def test_what_may_say_something_needs_one(text: str) -> None:
    assert not MATCHER.glance(text).words
