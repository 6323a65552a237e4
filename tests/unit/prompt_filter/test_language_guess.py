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
    return Languages.load(DATA / "languages.tsv", load_lexicon(DATA).dictionary)


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


def test_a_word_that_languages_share_counts_in_part() -> None:
    some = Languages({"en": ["the"], "xx": ["con", "una"], "yy": ["con"]}, frozenset())
    assert some.of(["con", "una"], "con una") == "xx"
