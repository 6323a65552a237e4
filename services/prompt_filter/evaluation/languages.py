"""Lexicon terms in sentences of 16 languages, against the same sentences with ordinary nouns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from services.contracts.vocabulary import Category
from services.prompt_filter.evaluation.cases import Case, Suite
from services.prompt_filter.evaluation.terms import FLAGGED_ALONE, Terms
from services.prompt_filter.lexicon import Entry, Grade, Role

LANGUAGES: Final = (
    "en", "es", "zh", "tl", "vi", "ar", "fr", "ko", "ru", "de", "hi", "pt", "it", "pl", "nl", "ja",
)  # fmt: skip
_SEXUAL: Final = (Grade.EXPLICIT, Grade.VULGAR, Grade.SUGGESTIVE, Grade.HOMOGRAPH)
_UNSPACED: Final = ("zh", "ja")


def languages(terms: Terms, folder: Path, *, per_language: int, seed: int) -> Suite:
    """Up to `per_language` terms of each grade, conjunctions of indicators, and harmless twins."""
    sentences = json.loads((folder / "languages.json").read_text(encoding="utf-8"))
    cases: list[Case] = []
    for language in LANGUAGES:
        carriers, nouns = sentences[language]["carriers"], sentences[language]["nouns"]
        chance = Random(f"{seed}:{language}")
        cases += _terms(terms, language, carriers, per_language)
        cases += _conjunctions(terms, language, carriers, per_language, chance)
        cases += _harmless(language, carriers, nouns, chance)
    return Suite("languages", tuple(cases))


def _terms(terms: Terms, language: str, carriers: list[str], count: int) -> Iterator[Case]:
    for grades, mild in ((FLAGGED_ALONE, False), ((Grade.SUGGESTIVE, Grade.MILD), True)):
        for number, entry in enumerate(terms.of(Role.SEXUAL, language, grades, count)):
            for shift in (0, 3):
                carrier = carriers[(number + shift) % len(carriers)]
                slices = {"language": language, "what": "mild term" if mild else "term"}
                yield Case(carrier.replace("{}", entry.term), True, entry.id, slices, mild=mild)


def _conjunctions(
    terms: Terms, language: str, carriers: list[str], count: int, chance: Random
) -> Iterator[Case]:
    sexual = terms.of(Role.SEXUAL, language, _SEXUAL, count)
    undress = terms.of(Role.UNDRESS, language, (Grade.EXPLICIT,), count)
    minors = terms.of(Role.MINOR, language, (Grade.EXPLICIT,), count)
    persons = terms.of(Role.PERSON, language, (Grade.EXPLICIT,), count)
    for what, category, firsts, seconds in (
        ("minor and sexual", Category.SEXUAL_MINORS, minors, sexual),
        ("person and clothes off", Category.NONCONSENSUAL, persons, undress),
    ):
        for first in firsts if seconds else ():
            second = chance.choice(seconds)
            carrier = chance.choice(carriers)
            slices = {"language": language, "what": what}
            cluster = f"{first.id}+{second.id}"
            yield Case(carrier.replace("{}", _pair(language, first, second)), True, cluster, slices, category)


def _pair(language: str, first: Entry, second: Entry) -> str:
    return f"{first.term}{'' if language in _UNSPACED else ' '}{second.term}"


def _harmless(language: str, carriers: list[str], nouns: list[str], chance: Random) -> Iterator[Case]:
    slices = {"language": language, "what": "ordinary noun"}
    for noun in nouns:
        for number, carrier in enumerate(carriers):
            yield Case(carrier.replace("{}", noun), False, f"{language}-{number}-{noun}", slices)
            both = f"{noun}, {chance.choice(nouns)}"
            yield Case(carrier.replace("{}", both), False, f"{language}-{number}-{both}", slices)
