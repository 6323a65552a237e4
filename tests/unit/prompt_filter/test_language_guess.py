"""Guessing a text's language from small words and telling letters."""

from __future__ import annotations

import pytest

from services.prompt_filter.lexicon import load_lexicon
from services.prompt_filter.settings import DATA
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.language import Languages
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import fold


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages.load(DATA / "language_words.tsv", load_lexicon(DATA).dictionary)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a photo of a dog and a cat in the garden", "en"),
        ("the war hat on an old man", "en"),
        ("desenha um farol para o cartaz da festa da aldeia", "pt"),
        ("onde posso encontrar a ponte perto da estação", "pt"),
        ("dibuja un faro para el cartel de la fiesta del pueblo", "es"),
        ("cô ấy viết về cây cầu trên báo", "vi"),
        ("rysunek źrebięcia żółtego galopującego", "pl"),
        ("مصباح في ضوء الصباح", "ar"),
        ("تصویر یک پل در کنار رود", "fa"),
        ("پل کی تصویر ندی کے کنارے ہے", "ur"),
        ("γέφυρα στο φως του πρωινού", "el"),
        ("גשר באור הבוקר", "he"),
        ("lattea ja kuva joka on talossa", "fi"),
        ("o fotografie cu podul si lumina care este aici", "ro"),
        ("Ungültige Brückenbögen", "de"),
        ("naïve façade of a café", "en"),
        ("湖の写真", "ja"),
        ("창가의 차", "ko"),
        ("а lаkе", "en"),
        ("𝐚 𝐥𝐚𝐤𝐞", "en"),
        ("ona napisała o moście w gazecie", "pl"),
        ("iguhit mo ang tulay para sa poster ng pista", "tl"),
    ],
)
def test_the_language_is_told(languages: Languages, text: str, language: str) -> None:
    assert languages.of(Tokens(canonicalise(text, fold()).text).words, text) == language


def _weighed(**words: dict[str, int]) -> Languages:
    return Languages(words, frozenset({"boat", "lake"}))


def test_a_word_that_languages_share_counts_for_each_as_much_as_it_is_common_there() -> None:
    some = _weighed(the={"en": 45}, con={"xx": 40, "yy": 44}, una={"xx": 40})
    assert some.of(["con", "una"], "con una") == "xx"
    assert some.of(["con"], "con") == "yy"


def test_what_is_nearly_as_common_in_english_tells_nothing() -> None:
    some = _weighed(the={"en": 45}, a={"en": 40, "xx": 45}, son={"en": 20, "xx": 40})
    assert some.of(["a"], "a") == "en"
    assert some.of(["son"], "son") == "xx"
    assert some.of(["son", "boat", "lake"], "son boat lake") == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Los dos amigos se fueron",
        "Ele fica em casa",
        "Wij hebben het niet gezien",
        "Els amics van venir",
        "Nie mam czasu",
        "Am fost acolo",
        "Det er ikke mit",
        "ora siamo qui",
    ],
)
def test_a_few_common_words_are_enough(languages: Languages, text: str) -> None:
    assert languages.of(Tokens(canonicalise(text, fold()).text).words, text) not in ("en", "")
