"""Letters drawn with several signs, and words upside down."""

from __future__ import annotations

import pytest

from services.prompt_filter.matching.drawn_letters import undrawn, upright
from services.prompt_filter.matching.hits import View
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.syntax import parse
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import EXPLICIT, fold, matcher


@pytest.fixture(scope="module")
def shared() -> Matcher:
    return matcher()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("|-|arb()ur", "harbour"), ("harb()|_|r", "harbour"), ("\\/\\/all", "wall"), ("|\\/|ist", "mist"),
        ("|\\|ight", "night"), ("/-\\pple", "apple"), ("bri|)ge", "bridge"), ("harbour", "harbour"),
        ("a|b", "a|b"),
    ],
)  # fmt: skip
def test_drawn_letters_are_letters(written: str, read: str) -> None:
    assert undrawn(written) == read


@pytest.mark.parametrize(
    ("written", "read"), [("ɹnoqɹɐɥ", "harbour"), ("ʇɥƃᴉu", "night"), ("boat", None), ("ʇsᴉw", "mist")]
)
def test_what_is_upside_down_is_turned_over(written: str, read: str | None) -> None:
    assert upright(written) == read


@pytest.mark.parametrize(
    ("written", "view"),
    [
        ("bl()rvick", View.LEET), ("blorvic|<", View.LEET), ("|3lor\\/ick", View.LEET),
        ("ʞɔᴉʌɹolq", View.REVERSED), ("12blorvick34", View.JOINED), ("bl(or)vick", View.JOINED),
        ("bl[o]r[v]ick", View.JOINED), ("bl{or}vick", View.JOINED), ("[b][l][o][r][v][i][c][k]", View.JOINED),
        ('"b" "l" "o" "r" "v" "i" "c" "k"', View.JOINED), ("b, l, o, r, v, i, c, k", View.JOINED),
        ("b|l|o|r|v|i|c|k", View.JOINED), ("bl<or>vick", View.JOINED), ("<blor>vick", View.JOINED),
    ],
)  # fmt: skip
def test_a_listed_word_is_found_behind_them(shared: Matcher, written: str, view: View) -> None:
    text = parse(canonicalise(f"the lake {written} at night", fold()).text).text
    assert [(hit.entry.term, hit.view) for hit in shared.find(Tokens(text))] == [(EXPLICIT, view)]


@pytest.mark.parametrize(
    "text",
    [
        "f(x) and g[key]", "def boat(a, b):", "river()", "a|b", "lake[0](1)", "[cat][dog]",
        "1girl(solo)(standing)",
        "(the lake)at night", "colo(u)r", "b, o, a, t", '"b" "o" "a" "t"', "h|o|u|s|e", "12house34",
        "a \\/ b /\\ c",
    ],
)  # fmt: skip
def test_code_lists_and_ordinary_words_hide_nothing(shared: Matcher, text: str) -> None:
    assert shared.find(Tokens(parse(canonicalise(text, fold()).text).text)) == []
