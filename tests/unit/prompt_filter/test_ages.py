"""Ages of people are found; ages of things, figures and years are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.ages import _EVERY_WAY, _ages_said, _possible_ways, find_ages
from services.prompt_filter.text.syntax import parse

WORDS = (
    "12 9 seventeen eight years yrs yo y.o. year-old months weeks old olds aged age of turning turned he she "
    "who girl is are boy's only percent 歳 才 살 años ans anni anos jahre jährige jahriger lat letnia jaar "
    "jarige лет года tuoi taong a tree , -"
).split()


def ages(text: str) -> list[float]:
    return [age.years for age in find_ages(parse(text.lower()).text)]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("a 12 year old girl", 12), ("12-year-old", 12), ("she is 15", 15),
        ("aged 9", 9), ("9yo boy", 9),
        ("17 y.o. student", 17), ("twelve years old", 12), ("a girl of eight years of age", 8),
        ("turning 6", 6),
        ("16歳", 16), ("12岁", 12), ("15살", 15), ("niña de 9 años", 9), ("14 лет", 14),
        ("fille de 13 ans", 13), ("6 months old", 0), ("a 25 year old woman", 25),
    ],
)  # fmt: skip
def test_the_age_of_a_person_is_found(text: str, years: float) -> None:
    assert ages(text) == [years]


@pytest.mark.parametrize(
    "text",
    [
        "8-year-old oak tree", "a 12 year old whisky", "ten year old bridge", "(lake:1.2)", "score_9",
        "in 1916",
        "16:9", "16k", "15 years of experience", "17 years ago", "aged 30 percent", "3 apples", "room 12",
    ],
)  # fmt: skip
def test_what_is_no_age_of_a_person_is_not(text: str) -> None:
    assert not any(years < 18 for years in ages(text))


@pytest.mark.parametrize(
    ("text", "minor"), [("17 years old", True), ("18 years old", False), ("aged 40", False)]
)
def test_eighteen_is_adult(text: str, minor: bool) -> None:
    assert [age.minor for age in find_ages(text)] == [minor]


@given(st.text())
def test_ages_lie_in_the_text(text: str) -> None:
    for age in find_ages(text.lower()):
        assert 0 <= age.start < age.end <= len(text.lower())


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_ways_of_saying_an_age_are_left_out_only_where_they_find_nothing(text: str) -> None:
    ways = _possible_ways(text)
    said = [match.span() for match in _ages_said(_EVERY_WAY).finditer(text)]
    assert said == ([match.span() for match in _ages_said(ways).finditer(text)] if ways else [])
