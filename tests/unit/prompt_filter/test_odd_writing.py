"""Odd writing: what is listed is found, what is ordinary is read as itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest

from services.prompt_filter.classifier_port import Answer
from services.prompt_filter.lexicon import Entry, Grade, Lexicon, Role, entry_id
from services.prompt_filter.matching.hits import View
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.matching.sounds import sounded
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import entry, fold, lexicon, prompt_filter

KNOWN = replace(entry("dorb", grade=Grade.VULGAR), source="+".join("abcdef"))
"""A short word that many lists have."""


def using(*entries: Entry, words: str = "") -> Matcher:
    base = lexicon(*entries)
    return Matcher(Lexicon(base.entries, base.allowed, base.dictionary | set(words.split()), "test"), fold())


def found(matcher: Matcher, text: str, language: str = "en") -> list[tuple[str, View]]:
    return [(hit.entry.term, hit.view) for hit in matcher.find(Tokens(text), language)]


def meant(matcher: Matcher, text: str) -> list[str]:
    tokens = Tokens(text)
    assert matcher.find(tokens) == []
    return [word for _, _, word in matcher.meant(tokens)]


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("h a r b o u r", "harbour"), ("h a r b o u r, at night", "harbour"), ("haarrrbbouur", "harbour"),
        ("h@rb0ur", "harbour"), ("h.a.r.b.o.u.r", "harbour"), ("h 4 r b 0 u r", "harbour"), ("q z x v w", ""),
        ("biig briddgee", None),
    ],
)  # fmt: skip
def test_an_ordinary_word_in_odd_writing_is_read_as_itself(written: str, word: str | None) -> None:
    assert meant(using(), f"the {written}") == ([word] if word is not None else ["bridge"])


def test_plain_text_means_nothing_else() -> None:
    assert meant(using(), "the lake house, a 3d t-shirt at 12:30") == []


def test_the_classifier_reads_the_word_that_was_meant() -> None:
    asked: list[str] = []

    class Listening:
        version = "listening"

        def score(self, texts: Sequence[str], settled: Collection[int] = ()) -> list[Answer]:
            asked.extend(texts)
            return [Answer({}) for _ in texts]

    judge = prompt_filter(classifier=Listening())
    judge.check_all([])
    from services.prompt_filter.prompt import Prompt

    judge.check(Prompt("1", "the h a r b o u r at night"))
    assert asked == ["the harbour at night"]


def test_a_piece_of_a_broken_word_is_not_listed() -> None:
    matcher = using(words="gribbable")
    assert found(matcher, "a gribba ble thing") == found(matcher, "a gribba.ble thing") == []
    assert found(using(), "a gribba ble thing") != []
    assert found(matcher, "a gribba house") != []
    assert found(matcher, "a gribba ble thing", "pl") != []


def test_stars_stand_for_a_listed_word_only_where_no_ordinary_one_fits() -> None:
    rare = using(words="bxxxxxxk")
    assert found(rare, "a b******k") == []
    assert found(using(), "a b******k") == [("blorvick", View.LEET)]


def test_stars_of_a_word_that_many_lists_have_are_read_although_others_fit() -> None:
    assert found(using(KNOWN, words="daab derb"), "a d**b") == [("dorb", View.LEET)]
    assert found(using(KNOWN, words="daab derb"), "a d*rb") == [("dorb", View.LEET)]


@pytest.mark.parametrize("written", ["d#rb", "d%rb", "d🔥rb", "d&rb"])
def test_any_sign_masks_a_letter_as_a_star_does(written: str) -> None:
    assert found(using(KNOWN), f"a {written}") == [("dorb", View.LEET)]
    assert found(using(), f"a {written}") == []


def test_a_sign_between_ordinary_words_masks_nothing() -> None:
    assert found(using(KNOWN, words="dhrb"), "a d#rb") == found(using(KNOWN), "salt&pepper") == []


@pytest.mark.parametrize("written", ["blorvik", "blorviq", "blorwick", "bllorvik", "blorvyck"])
def test_words_written_by_ear_are_found(written: str) -> None:
    assert found(using(), f"a {written}") == [("blorvick", View.FUZZY)]


def test_sounds_keep_words_apart_that_differ_by_a_vowel() -> None:
    assert sounded("phizzer") == sounded("fisa")
    assert sounded("mock") != sounded("muck")


@pytest.mark.parametrize(
    "written", ["gribba42", "bigblorvick", "#blorvick", "_blorvick_", "youdorb", "dorbyou"]
)
def test_words_joined_like_code_are_found(written: str) -> None:
    assert len({term for term, _ in found(using(KNOWN, words="you"), f"a {written}")}) == 1


def test_a_short_word_is_no_piece_of_a_compound() -> None:
    assert found(using(KNOWN, words="window"), "a dorbwindow") == []


def test_a_key_beside_is_read_for_short_words_that_many_lists_have() -> None:
    assert found(using(KNOWN), "a dprb") == [("dorb", View.FUZZY)]
    assert found(using(replace(KNOWN, source="one")), "a dprb") == []


def test_words_of_other_languages_are_not_pieced_together() -> None:
    foreign = Entry(
        entry_id(Role.SEXUAL, "de", "frimpfel"), "frimpfel", Role.SEXUAL, Grade.VULGAR, "de", "ldnoobw"
    )
    assert found(using(foreign), "a frimp fel") == []
    assert found(using(foreign), "a frimpfle") == []
    assert found(using(foreign), "a fr1mpfel") == [("frimpfel", View.LEET)]


def test_a_homograph_counts_in_its_own_language_and_where_none_is_known() -> None:
    foreign = Entry(
        entry_id(Role.SEXUAL, "de", "lake"), "lake", Role.SEXUAL, Grade.HOMOGRAPH, "de", "ldnoobw"
    )
    matcher = using(foreign)
    assert found(matcher, "a lake", "de") == found(matcher, "a lake", "") == [("lake", View.EXACT)]
    assert found(matcher, "a lake", "en") == found(matcher, "a lake", "fr") == []


def test_dashes_inside_a_word_are_no_parameter() -> None:
    from services.prompt_filter.text.syntax import parse

    assert "r--v" in parse("b--l--o--r--v--i--c--k").text
    assert "--ar" not in parse("a lake --ar 16:9").text


def test_the_gravest_of_two_entries_for_one_word_counts() -> None:
    mild = entry("blorvick", grade=Grade.SUGGESTIVE)
    assert [hit.entry.grade for hit in using(mild).find(Tokens("a blorvick"))] == [Grade.EXPLICIT]


@pytest.mark.parametrize(
    ("plain", "disguised"),
    [("6-boat", "6boat"), ("the 12-boat table", "6-oat"), ("boat-6", "6-b-o-a-t"), ("1st", "lst")],
)
def test_figures_beside_an_ordinary_word_are_no_letters_of_another(plain: str, disguised: str) -> None:
    matcher = using(entry("gboat"), entry("goat"), entry("lst"), entry("izboat"))
    assert found(matcher, plain) == []
    assert found(matcher, disguised)


def test_short_words_that_are_alternatives_make_no_listed_one() -> None:
    matcher = using(entry("onoak"))
    assert found(matcher, "on/oak") == [("onoak", View.SPLIT)]
    assert found(matcher, "on-oak") == [("onoak", View.JOINED)]


@pytest.mark.parametrize("written", ["blorvicx,", "dor bish"])
def test_in_a_text_of_another_language_punctuation_and_spaces_make_no_disguise(written: str) -> None:
    matcher = using(entry("dorbish"))
    assert found(matcher, written, "en")
    assert found(matcher, written, "de") == []


def test_an_abbreviation_in_the_plural_is_no_word_without_its_vowel() -> None:
    common = replace(entry("dorb", grade=Grade.VULGAR), source="+".join("abcdef"))
    plural = replace(entry("dors", grade=Grade.VULGAR), source="+".join("abcdef"))
    assert found(using(common), "drb") == [("dorb", View.FUZZY)]
    assert found(using(plural), "drs") == []


@pytest.mark.parametrize(
    ("ordinary", "disguised"), [("*dorp*", "dor*"), ("dorp!", "dor!b"), ("dorp!!", "d!orb")]
)
def test_emphasis_and_exclamation_disguise_nothing(ordinary: str, disguised: str) -> None:
    using_them = using(KNOWN, words="dorp")
    assert found(using_them, f"the {ordinary} here") == []
    assert [term for term, _ in found(using_them, f"the {disguised} here")] == [KNOWN.term]


def test_a_sign_that_is_the_letter_of_an_ordinary_word_is_not_left_out() -> None:
    assert [term for term, _ in found(using(KNOWN), "the dor$b here")] == [KNOWN.term]
    ordinary = using(KNOWN, words="dorsb")
    assert found(ordinary, "the dor$b here") == found(ordinary, "the d0r$8 here") == []
    assert [term for term, _ in found(ordinary, "the d0r8 here")] == [KNOWN.term]
