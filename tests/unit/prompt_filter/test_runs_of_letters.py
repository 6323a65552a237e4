"""Words with letters repeated: read as the ordinary word, with up to two letters doubled in it."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.matching.spellings import Spellings, run_cut

WORD = st.text("abc", min_size=4, max_size=8)


@given(st.text("ab\u0432", max_size=12))
def test_runs_are_cut_to_single_letters(word: str) -> None:
    assert run_cut(word) == "".join(letter for letter, _ in groupby(word))


@given(WORD, st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_a_stretched_word_is_drawn_in(word: str, more: list[int]) -> None:
    runs = ["".join(run) for _, run in groupby(word)]
    found = Spellings({}, frozenset({word})).drawn_in(
        "".join(run + run[0] * extra for run, extra in zip(runs, more, strict=False))
    )
    stretched = any(extra for _, extra in zip(runs, more, strict=False)) or len(runs) < len(word)
    readable = max(map(len, runs)) <= 2 and sum(len(run) == 2 for run in runs) <= 2
    assert found == (word if stretched and readable else None)


@pytest.mark.parametrize("written", ["harbour", "haarbour", "harbourrr"])
def test_what_has_no_runs_is_not_drawn_in(written: str) -> None:
    found = Spellings({}, frozenset({"harbour"})).drawn_in(written)
    assert found == ("harbour" if written != "harbour" else None)
