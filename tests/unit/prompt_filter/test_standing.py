"""How a term stands: sought, excluded or mentioned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.context import Standing, perhaps_not_sought, standing
from services.prompt_filter.text.syntax import Parsed, parse
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import EXPLICIT


def stands(text: str, term: str = EXPLICIT) -> Standing:
    parsed = parse(text)
    start = parsed.text.index(term)
    return standing(parsed, start, start + len(term))


@pytest.mark.parametrize(
    "text", ["{}", "a lake with {}", "{} no lake", "note {}", "not only a lake but also some big {}"]
)
def test_sought(text: str) -> None:
    assert stands(text.format(EXPLICIT)) is Standing.SOUGHT


@pytest.mark.parametrize(
    "text",
    [
        "no {}",
        "a lake without any {}",
        "avoid {}",
        "no lake, {}",
        "sin {}",
        "без {}",
        "lake\nnegative prompt: {}",
    ],
)
def test_excluded(text: str) -> None:
    assert stands(text.format(EXPLICIT)) is Standing.EXCLUDED


@pytest.mark.parametrize("text", ['a sign that says "{}"', "the word '{}'", "poster with the text “{}”"])
def test_mentioned(text: str) -> None:
    assert stands(text.format(EXPLICIT)) is Standing.MENTIONED


@pytest.mark.parametrize("text", ["no clothes on, {}", "without a stitch {}"])
def test_what_follows_missing_clothes_is_not_left_out(text: str) -> None:
    assert stands(text.format(EXPLICIT)) is Standing.SOUGHT


def test_leaving_out_what_covers_is_seeking() -> None:
    assert stands("no clothes", "clothes") is Standing.SOUGHT


SAID = st.sampled_from(
    [
        "no", "not", "do", "don't", "without any", "free of", "remove any", "the word", '"', "'", "“",
        "lake", "some", "and", "zero", "minus", "sign", "ohne", "a,", EXPLICIT,
    ]
)  # fmt: skip


@given(st.lists(SAID, max_size=8), st.sampled_from([" ", ", ", ""]))
def test_where_nothing_tells_otherwise_everything_is_sought(parts: list[str], parted: str) -> None:
    text = parted.join([*parts, f" {EXPLICIT}"])
    if not perhaps_not_sought(text, Tokens(text).words):
        assert all(standing(Parsed(text), at, at + 4) is Standing.SOUGHT for at in range(len(text)))


@pytest.mark.parametrize("text", ["a calm lake", "noon at the lake", "a note, a lake"])
def test_most_texts_tell_nothing_else(text: str) -> None:
    assert not perhaps_not_sought(text, Tokens(text).words)
