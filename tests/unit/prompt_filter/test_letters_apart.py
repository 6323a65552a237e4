"""Words and sentences written letter by letter are read, listed words in them found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.matching.word_breaks import broken
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import EXPLICIT, VULGAR
from tests.unit.prompt_filter.test_odd_writing import found, meant, using

WORDS = frozenset("a baby and elephant walk around their pen".split())


def apart(text: str) -> str:
    return " ".join(text.replace(" ", ""))


def test_a_sentence_is_broken_into_its_words() -> None:
    text = "a baby and elephant walk around their pen"
    assert broken(text.replace(" ", ""), WORDS).text == text


def test_letters_that_no_word_fits_stay_together() -> None:
    assert broken("ababyxqzpen", WORDS).text == "a baby xqz pen"


def test_of_two_ways_the_one_with_a_listed_word() -> None:
    assert broken("walkaroundpen", WORDS).words == ("walk", "around", "pen")
    assert broken("walkaroundpen", WORDS, frozenset({"ndpen"})).words == ("walk", "around", "pen")
    assert broken("walkaroundpen", WORDS | {"arou"}, frozenset({"ndpen"})).words == ("walk", "arou", "ndpen")


@given(st.text("abxyz", max_size=60))
def test_nothing_is_lost_or_added(letters: str) -> None:
    assert "".join(broken(letters, frozenset({"ab", "abx", "zyx"})).words) == letters


def test_an_ordinary_sentence_of_single_letters_is_read() -> None:
    assert meant(using(), apart("a painting of the old bridge at night")) == [
        "a painting of the old bridge at night"
    ]


@pytest.mark.parametrize(
    "carrier", ["{}", "a photo of {}", "a painting of the old bridge and {} at night", "{} " * 9]
)
@pytest.mark.parametrize("term", [EXPLICIT, VULGAR])
def test_a_listed_word_in_a_sentence_of_single_letters_is_found(carrier: str, term: str) -> None:
    terms = {one for one, _ in found(using(), apart(carrier.format(*[term] * 9)))}
    assert term in terms


def test_ordinary_words_that_hold_a_listed_one_between_them_hide_nothing() -> None:
    # The end of one word and the beginning of the next are a listed word.
    begin, end = EXPLICIT[:3], EXPLICIT[3:]
    matcher = using(words=f"old{begin} {end}er")
    assert found(matcher, apart(f"the old{begin} {end}er bridge at night")) == []
    assert EXPLICIT in [term for term, _ in found(matcher, apart(f"the {EXPLICIT} bridge at night"))]


def test_beyond_what_is_read_listed_words_are_found() -> None:
    far = apart("a bridge " * 200 + EXPLICIT)
    assert EXPLICIT in [term for term, _ in found(using(), far)]


def test_more_runs_than_are_looked_into_are_told() -> None:
    runs = [f"{number:09d}".translate(str.maketrans("0123456789", "qzxvwkjbfg")) for number in range(500)]
    few, many = (Tokens(" and ".join(" ".join(run) for run in some)) for some in (runs[:150], runs))
    matcher = using()
    assert not matcher.too_odd(few)
    assert matcher.too_odd(many)
