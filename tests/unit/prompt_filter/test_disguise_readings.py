"""Plain words behind a chunk: found, bounded, and never longer than the chunk."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.matching.disguise import core, figures, readings

MOST_READINGS = 100


@given(st.text(alphabet=st.sampled_from(list("ab1!|60@$+(.-_*/вгα")), max_size=48))
def test_readings_are_few_and_no_longer_than_the_chunk(chunk: str) -> None:
    found = [word for word, _ in readings(chunk)]
    assert len(found) <= MOST_READINGS
    assert all(len(word) <= len(chunk) for word in found)


@pytest.mark.parametrize(
    "written", ["b100m", "bl00m", "b!oom", "6loom", "8|00m", "b.l.o.o.m", "b-l_o/o*m", "вloom"]
)
def test_the_plain_word_is_among_the_readings(written: str) -> None:
    assert "bloom" in [word for word, _ in readings(written)]


def test_long_runs_are_read_as_doubled() -> None:
    assert "bloom" in [word for word, _ in readings("bloooooom")]


@given(st.text(max_size=48))
def test_the_core_is_part_of_the_chunk(chunk: str) -> None:
    assert core(chunk) in chunk


@pytest.mark.parametrize("written", ['"bloom"', "(bloom", "bloom...", "~bloom~"])
def test_the_core_has_no_punctuation_around_it(written: str) -> None:
    assert core(written).strip("(") == "bloom"


@given(
    st.text(
        alphabet=st.sampled_from(list("ab1_!|@$+(.,-*/'\"#[]}~\u20ac\u0432\u597d\u0301\u2026")), max_size=12
    )
)
def test_the_core_is_the_same_whatever_the_script_of_its_edges(chunk: str) -> None:
    star = "" if chunk.startswith("*") else "*"
    edges = re.compile(rf"^[^\w@$!|+(€£¥¡¢§]+|[^\w@$!|+(€£¥¡¢§{star}]+$")
    assert core(chunk) == edges.sub("", chunk)


def test_a_star_at_the_end_stands_for_a_letter_unless_one_begins_the_chunk() -> None:
    assert [core(chunk) for chunk in ("bloo*", "*bloom*", "*bloom", "**bloom**,")] == [
        "bloo*",
        *["bloom"] * 3,
    ]


@given(st.text(alphabet=st.sampled_from("0123456789"), min_size=1, max_size=9))
def test_no_word_is_read_in_figures(chunk: str) -> None:
    assert list(readings(chunk)) == [] or not figures(chunk)


def test_figures_are_numbers_and_ordinals() -> None:
    assert all(map(figures, ("1080", "1st", "22nd", "5eme")))
    assert not any(map(figures, ("", "1000", "1000th", "1080p", "10.8", "st", "1stone", "\u0661\u0662")))
