"""Listed words in pieces between ordinary ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.prompt_filter.lexicon import Entry, Grade
from services.prompt_filter.matching.hits import View
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import EXPLICIT, entry, fold, lexicon


def using(*entries: Entry, words: str = "", common: str = "") -> Matcher:
    base = lexicon(*entries)
    known = replace(base, dictionary=base.dictionary | set(words.split()))
    return Matcher(replace(known, frequencies=dict.fromkeys(common.split(), 4.0)), fold())


def found(matcher: Matcher, text: str, language: str = "en") -> list[tuple[str, View, str]]:
    return [
        (hit.entry.term, hit.view, text[hit.start : hit.end]) for hit in matcher.find(Tokens(text), language)
    ]


@pytest.mark.parametrize("pieces", ["blor vick", "blor vi ck", "b lor vick", "bl or vi ck", "bl or vic k"])
def test_pieces_of_a_listed_word_are_one(pieces: str) -> None:
    assert found(using(), f"the lake {pieces} at night") == [(EXPLICIT, View.JOINED, pieces)]


@pytest.mark.parametrize("text", ["blor the vick", "bl or vi", "blorx vick", "lake at night in it on"])
def test_what_makes_up_no_listed_word_hides_none(text: str) -> None:
    assert found(using(), text) == []


def test_pieces_that_are_ordinary_words_are_believed_less() -> None:
    two = using(words="blor")
    assert found(two, "the blor vick") == [(EXPLICIT, View.JOINED, "blor vick")]
    assert found(using(entry("onvik")), "the on vik") == [("onvik", View.SPLIT, "on vik")]
    four = using(words="bl or")
    assert found(four, "the bl or vi ck") == [(EXPLICIT, View.SPLIT, "bl or vi ck")]
    assert found(using(words="bl or vi"), "the bl or vi ck") == []


def test_beside_a_stray_letter_a_rare_word_is_a_piece() -> None:
    listed = entry("xharbour")
    assert found(using(listed, words="x"), "x harbour") == [("xharbour", View.JOINED, "x harbour")]
    assert found(using(listed, words="x", common="harbour"), "x harbour") == []


def test_pieces_in_a_text_of_another_language_say_nothing() -> None:
    assert found(using(), "blor vi ck", "de") == []


def test_other_languages_and_mild_words_are_not_sought_in_pieces() -> None:
    foreign = replace(entry("zwuffelig"), language="de")
    mild = entry("zwaffelig", grade=Grade.SUGGESTIVE)
    assert found(using(foreign, mild), "zwuf fel ig, zwaf fel ig") == []


def test_pieces_are_of_no_language() -> None:
    matcher = using()
    assert matcher.whole_words(Tokens("the bl or vick lake")) == ["the", "lake"]
    assert matcher.whole_words(Tokens("der blor stein")) == ["der", "blor", "stein"]


def test_a_text_in_pieces_gets_a_closer_look() -> None:
    assert not using().glance("the lake bl or vi ck at night").words
    assert using().glance("the lake bl or vi at night").words


def test_several_common_words_in_pieces_are_read_as_themselves() -> None:
    matcher = using(common="harbour bridge night", words="harbour")
    tokens = Tokens("the har bour and a bri dge at night")
    assert matcher.meant(tokens) == [(4, 12, "harbour"), (19, 26, "bridge")]
    assert matcher.meant(tokens, "de") == []
    assert not matcher.glance(tokens.text).words


@pytest.mark.parametrize(
    "text", ["the har bour at night", "the harbour bri dge", "the har bour and a wat er"]
)
def test_one_word_in_pieces_may_be_a_mistake_and_rare_ones_are_none(text: str) -> None:
    assert using(common="harbour bridge", words="harbour").meant(Tokens(text)) == []


def test_a_listed_word_that_is_a_piece_of_a_common_one_is_none() -> None:
    listed = entry("bour")
    matcher = using(listed, common="harbour bridge", words="harbour")
    assert [term for term, _, _ in found(matcher, "the har bour")] == []
    assert found(matcher, "the har bour and a bri dge") == []
    assert [term for term, _, _ in found(matcher, "the bour and a bri dge")] == ["bour"]
