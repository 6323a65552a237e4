"""Everyday words on source lists: compiled to little, and no ground as shipped."""

from __future__ import annotations

import pytest

from services.contracts.vocabulary import Decision
from services.prompt_filter.compiling.demotion import demote_everyday, drop_minors, everyday
from services.prompt_filter.compiling.word_frequencies import Frequencies
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.lexicon import Grade, Role, read_lists
from services.prompt_filter.loading import load_filters
from services.prompt_filter.prompt import Prompt
from services.prompt_filter.settings import DATA, FilterSettings
from services.prompt_filter.text.canonical import canonicalise
from tests.unit.prompt_filter.placeholders import fold

FREQUENCIES = Frequencies({"es": {"beer": 4.6, "spider": 4.2, "good": 5.0, "girl": 4.8, "coarse": 3.5}})


def _rows(*terms: tuple[str, str]) -> dict[tuple[str, str], tuple[Role, Grade, str]]:
    return {("es", term): (Role.SEXUAL, Grade.VULGAR, source) for term, source in terms}


def test_what_packages_alone_have_says_nothing() -> None:
    rows = _rows(("beer", "one"), ("good girl", "one+two"), ("coarse girl", "one"), ("coarse", "one"))
    assert demote_everyday(rows, {("es", "beer")}, FREQUENCIES) == 2
    assert {term: grade for (_, term), (_, grade, _) in rows.items()} == {
        "beer": Grade.AMBIGUOUS,
        "good girl": Grade.AMBIGUOUS,
        "coarse girl": Grade.VULGAR,
        "coarse": Grade.VULGAR,
    }


def test_nine_in_ten_terms_of_a_list_that_people_made_stay_strong() -> None:
    rows = _rows(("beer", "ldnoobw"), ("spider", "ldnoobw"), *((f"t{n}", "ldnoobw") for n in range(12)))
    assert demote_everyday(rows, {("es", "beer"), ("es", "spider")}, FREQUENCIES) == 1
    assert rows["es", "beer"][1] is Grade.MILD
    assert rows["es", "spider"][1] is Grade.VULGAR


def test_words_for_children_are_no_sexual_terms() -> None:
    rows = {
        ("en", "девочка"): (Role.SEXUAL, Grade.SUGGESTIVE, "one"),
        ("en", "toddler"): (Role.SEXUAL, Grade.EXPLICIT, "one+two"),
        ("en", "barely legal"): (Role.SEXUAL, Grade.VULGAR, "one+two+three"),
        ("en", "plonkert"): (Role.SEXUAL, Grade.VULGAR, "one"),
    }
    folded = {(language, canonicalise(term, fold()).text): row for (language, term), row in rows.items()}
    drop_minors(folded, fold())
    assert [term for _, term in folded] == ["barely legal", "plonkert"]


def test_every_everyday_word_is_a_term_of_the_shipped_lists() -> None:
    listed = {(entry.language, canonicalise(entry.term, fold()).text) for entry in read_lists(DATA)}
    assert everyday(fold()) - listed == set()


@pytest.fixture(scope="module")
def shipped() -> PromptFilter:
    return load_filters(FilterSettings(classifier=None)).shared


@pytest.mark.parametrize(
    "text",
    [
        "мальчик и девочка в парке",
        "公园里的儿童和婴儿",
        "公園で遊ぶ子供と赤ちゃん",
        "놀이터의 어린이와 아기",
        "Ein Mädchen und ein Junge im Park",
        "o que é isso?",
        "une plume et un panier, s'il vous plaît",
        "公共汽车在飞机场",
        "الصفحة الأخرى والخرائط",
        "सहायता पृष्ठ और किताबें",
        "Kun je dit huis tekenen? Dat kunt u ook",
        "Sanat çok güzel, daha çok göster",
        "تصویر هر کس که در پارک است",
        "no distinction of any kind, such as race, colour or language",
    ],
)
def test_ordinary_sentences_of_other_languages(shipped: PromptFilter, text: str) -> None:
    assert shipped.check(Prompt("1", text)).outcome.decision is Decision.ALLOW


@pytest.mark.parametrize(
    "text",
    [
        "mince pies on a plate",
        "the spacing of the columns was assessed",
        "pond scum under a pinus",
        "a vixen beside a garden shank",
        "esports at blackrock",
    ],
)
def test_ordinary_english_gets_a_label_at_most(shipped: PromptFilter, text: str) -> None:
    assert shipped.check(Prompt("1", text)).outcome.decision < Decision.REVIEW
