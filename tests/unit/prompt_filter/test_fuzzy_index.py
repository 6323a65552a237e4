"""Misspellings: everything within reach is found, nothing out of it, against brute force."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from services.prompt_filter.matching.fuzzy import FuzzyIndex

WORD = st.text(alphabet="abcd", min_size=5, max_size=12)


def edits(word: str) -> int:
    """What the class promises: one edit for words of 5 to 8 letters, two from 9 on."""
    return 2 if len(word) >= 9 else 1


@settings(max_examples=300)
@given(
    st.lists(WORD, min_size=1, max_size=30, unique=True), st.text(alphabet="abcd", min_size=5, max_size=13)
)
def test_agrees_with_brute_force(words: list[str], token: str) -> None:
    within = {
        word: distance
        for word in words
        if word[0] == token[0]
        and 0 < (distance := OSA.distance(token, word)) <= min(edits(word), edits(token))
    }
    found = FuzzyIndex(words, frozenset()).find(token)
    assert (found is None) == (not within)
    if found is not None:
        assert within[found] == min(within.values())


@pytest.mark.parametrize("seed", range(5))
def test_one_slip_of_a_listed_word_is_found(seed: int) -> None:
    chance = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = {"".join(chance.choices(letters, k=chance.randint(5, 12))) for _ in range(200)}
    index = FuzzyIndex(words, frozenset())
    for word in sorted(words):
        at = chance.randrange(1, len(word) - 1)
        slips = {
            word[:at] + word[at + 1 :],
            word[:at] + chance.choice(letters) + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        } - words
        for slip in slips:
            found = index.find(slip)
            assert found is not None, (word, slip)
            assert OSA.distance(found, slip) <= edits(found)


def test_a_word_of_the_dictionary_is_no_misspelling() -> None:
    assert FuzzyIndex({"harbour"}, frozenset()).find("harbours") == "harbour"
    assert FuzzyIndex({"harbour"}, frozenset({"harbours"})).find("harbours") is None


@pytest.mark.parametrize("token", ["", "abc", "harbour", "xarbour", "harb0ur", "harbour" * 4, "гавань"])
def test_what_is_out_of_reach_is_not_found(token: str) -> None:
    assert FuzzyIndex({"harbour"}, frozenset()).find(token) is None
