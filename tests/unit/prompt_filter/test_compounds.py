"""Listed words run together with others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.prompt_filter.lexicon import Entry, Grade
from services.prompt_filter.matching.compounds import Compounds
from services.prompt_filter.matching.noisy_channel import NoisyChannel
from tests.unit.prompt_filter.placeholders import entry

LISTED = entry("blorvick")
SHORT = replace(entry("dorb", grade=Grade.VULGAR), source="+".join("abcde"))
LITTLE_KNOWN = replace(SHORT, source="a")


def compounds(*entries: Entry) -> Compounds:
    common = dict.fromkeys(["best", "pictures", "garden"], 4.0)
    ordinary = common.keys() | {"harbour"}
    return Compounds({one.term: one for one in entries}, ordinary, NoisyChannel(common, ordinary))


@pytest.mark.parametrize(
    "word",
    ["blorvickharbour", "harbourblorvick", "bestblorvickpictures", "myblorvickpictures", "blorvickblorvick"],
)
def test_a_listed_word_is_found_in_company(word: str) -> None:
    assert compounds(LISTED).of(word) == LISTED


@pytest.mark.parametrize(
    "word",
    [
        "blorvickx", "xblorvick", "xxblorvickxx", "harbourblorvickharbour", "bestblorvick" * 3,
        "gardenpictures", "blorvi" * 3, "",
    ],
)  # fmt: skip
def test_of_what_is_no_company_nothing_is_said(word: str) -> None:
    assert compounds(LISTED).of(word) is None


def test_short_words_count_in_close_company_or_where_many_know_them() -> None:
    assert compounds(SHORT).of("youdorb") == SHORT
    assert compounds(SHORT).of("dorbharbour") is None
    assert compounds(SHORT).of("bestdorbpictures") == SHORT
    assert compounds(LITTLE_KNOWN).of("youdorb") is None
    assert compounds(LITTLE_KNOWN).of("bestdorbpictures") is None


def test_mild_words_are_not_sought() -> None:
    assert compounds(entry("blorvick", grade=Grade.SUGGESTIVE)).of("bestblorvickpictures") is None
