"""Exact terms: whole words only, except in scripts that write without spaces."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.matching.automaton import Automaton
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import UNSPACED, entry

TERM, PHRASE = "morg", "blue morg"


def found(text: str, *terms: str) -> list[str]:
    automaton = Automaton([(term, entry(term)) for term in terms or (TERM, PHRASE)])
    return sorted(text[hit.start : hit.end] for hit in automaton.find(Tokens(text)))


@pytest.mark.parametrize("text", ["morg", "a morg.", "(morg)", "morg,morg", "x-morg", "morg's", "morg\nlake"])
def test_a_whole_word_is_found(text: str) -> None:
    assert set(found(text)) == {"morg"}


@pytest.mark.parametrize("text", ["morgan", "smorg", "morgs", "morg7", "mo rg", "mörg", ""])
def test_a_part_of_a_word_is_not(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["blue morg", "blue  morg", "blue-morg", "blue\tmorg"])
def test_a_phrase_is_found_whatever_parts_its_words(text: str) -> None:
    assert text in found(text)


@pytest.mark.parametrize("text", [UNSPACED, f"我{UNSPACED}的", f"の{UNSPACED}が"])
def test_unspaced_scripts_are_found_anywhere(text: str) -> None:
    assert found(text, UNSPACED) == [UNSPACED]


@given(
    st.text(alphabet="ab .-", max_size=40),
    st.sets(st.text(alphabet="ab", min_size=1, max_size=3), max_size=6),
)
def test_agrees_with_a_search_for_whole_words(text: str, terms: set[str]) -> None:
    automaton = Automaton([(term, entry(term)) for term in sorted(terms)])
    expected = sorted(
        (match.start(), match.end(), term)
        for term in terms
        for match in re.finditer(rf"(?<![ab]){term}(?![ab])", text)
    )
    assert sorted((hit.start, hit.end, hit.entry.term) for hit in automaton.find(Tokens(text))) == expected
