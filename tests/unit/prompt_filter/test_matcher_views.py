"""Listed words under every view, with their place; ordinary text under none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.matching.hits import Hit, View
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import EXPLICIT, SHORT, UNSPACED, fold, lexicon, matcher


@pytest.fixture(scope="module")
def shared() -> Matcher:
    return matcher()


def hits(using: Matcher, text: str) -> list[Hit]:
    return using.find(Tokens(canonicalise(text, fold()).text))


@pytest.mark.parametrize(
    ("written", "view"),
    [
        ("blorvick", View.EXACT), ("Blorvick,", View.EXACT), ("b10rv1ck", View.LEET), ("bl0rvick", View.LEET),
        ("blorrrrvick", View.REPEATED), ("bblloorrvviicckk", View.REPEATED), ("blorvikc", View.FUZZY),
        ("blorvck", View.FUZZY), ("blorvicks", View.FUZZY), ("kcivrolb", View.REVERSED),
        ("b.l.o.r.v.i.c.k", View.JOINED),
        ("b l o r v i c k", View.JOINED), ("blor-vick", View.JOINED), ("blor vick", View.JOINED),
        ("bl*rvick", View.LEET), ("b******k", View.LEET), ("b_l_o_r_v_i_c_k", View.JOINED),
    ],
)  # fmt: skip
def test_a_hidden_word_is_found_under_its_view(shared: Matcher, written: str, view: View) -> None:
    text = f"the lake {written} at night"
    found = hits(shared, text)
    assert [(hit.entry.term, hit.view) for hit in found] == [(EXPLICIT, view)]
    assert text[found[0].start : found[0].end] == written.strip(",")


@pytest.mark.parametrize(
    "text",
    [
        "a calm lake at night", "the blue door, the red boat", "lake house", "garden-wall", "l a k e",
        "12:30 on 4 may",
        "gr3at", "****", "!!!", "the lake (big)", "b", "", "...", "see 1600 at 3", "a@b.example",
    ],
)  # fmt: skip
def test_ordinary_text_holds_nothing(shared: Matcher, text: str) -> None:
    assert hits(shared, text) == []


def test_an_ordinary_word_near_a_listed_one_is_itself() -> None:
    guarded = Matcher(lexicon(), fold())
    assert hits(guarded, "the blorvicks") != []
    words = lexicon()
    known = type(words)(words.entries, words.allowed, words.dictionary | {"blorvicks"}, version="test")
    assert hits(Matcher(known, fold()), "the blorvicks") == []


def test_an_allowed_term_is_never_a_hit() -> None:
    assert hits(Matcher(lexicon(allowed=frozenset({EXPLICIT})), fold()), EXPLICIT) == []


def test_unspaced_scripts_are_found_inside_a_run(shared: Matcher) -> None:
    (hit,) = hits(shared, f"湖の{UNSPACED}と山")
    assert (hit.start, hit.end) == (2, 4)


def test_a_place_is_reported_once(shared: Matcher) -> None:
    assert len(hits(shared, f"{EXPLICIT} {EXPLICIT} {SHORT}")) == 3


@given(st.text(alphabet=st.sampled_from(list("blorvick gn.-*_01!@")), max_size=60) | st.text(max_size=60))
def test_hits_lie_in_the_text_and_do_not_depend_on_what_was_asked_before(text: str) -> None:
    canonical = canonicalise(text, fold()).text
    fresh = matcher_for_replay().find(Tokens(canonical))
    again = WARM.find(Tokens(canonical))
    assert fresh == again == WARM.find(Tokens(canonical))
    assert all(0 <= hit.start < hit.end <= len(canonical) for hit in fresh)


WARM = matcher()


def matcher_for_replay() -> Matcher:
    """A matcher that was never asked anything."""
    return matcher()
