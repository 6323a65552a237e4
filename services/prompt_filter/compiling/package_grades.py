"""Grades for terms of package lists: by how many lists agree, and by how ordinary the word is.

Machine-made and not reviewed by a speaker. A term that one list alone names has to be rare; one that
was translated by machine rarer still, since translations are full of ordinary words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from services.prompt_filter.compiling.package_lists import package_terms
from services.prompt_filter.compiling.word_frequencies import Frequencies
from services.prompt_filter.lexicon import Grade
from services.prompt_filter.matching.automaton import unbounded
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.fold import CharacterFold

_ENGLISH_VOTES = 4
_ORDINARY_ENGLISH = 4.3
_EVERYDAY_ENGLISH = 5.0
# Zipf values up to which a term is listed, by the number of lists that have it.
_LIMITS = {1: 3.4, 2: 4.2}
_LIMIT_OF_MANY = 4.7
_LIMIT_OF_TRANSLATED = 2.5
# The one list there is was made by speakers, or there would be next to none.
_LIMIT_OF_THIN = {"tl": 4.5, "vi": 3.6}
_ALMOST = 0.7
# A phrase is rarer than its rarest word by this much for each further word.
_RARER_BY_WORD = 2.4
_MOST_WORDS = 4
_ELSEWHERE = 3.0
_SHORT = 3
# Hindi and Arabic are often written in Latin letters; these are not.
_OWN_SCRIPT = ("ja", "ko", "ru", "zh")
_LETTERS = re.compile(r"[^\W\d_]+(?:[ '’\-][^\W\d_]+)*")

Voted = dict[tuple[str, str], dict[str, bool]]


def graded_packages(folder: Path, fold: CharacterFold) -> Iterator[tuple[str, str, Grade, str]]:
    """Language, term, grade and sources of every term worth listing."""
    frequencies = Frequencies.load(folder, fold)
    for (language, term), sources in sorted(_voted(folder, fold).items()):
        if language == "en":
            grade = _english(term, len(sources), frequencies)
        else:
            grade = _foreign(term, language, sources, frequencies)
        if grade is not None:
            yield language, term, grade, "+".join(sorted(sources))


def _voted(folder: Path, fold: CharacterFold) -> Voted:
    """Folded terms of letters alone, with the lists that have each and whether those are translated."""
    votes: Voted = {}
    for source, language, term in package_terms(folder):
        if _LETTERS.fullmatch(_without_marks(term)) and len(term.split()) <= _MOST_WORDS:
            folded = " ".join(canonicalise(term, fold).text.split())
            votes.setdefault((language, folded), {})[source.name] = source.translated
    return votes


def _without_marks(term: str) -> str:
    return "".join(character for character in term if not unicodedata.category(character).startswith("M"))


def _english(term: str, votes: int, frequencies: Frequencies) -> Grade | None:
    """General profanity, where most lists agree."""
    zipf = frequencies.zipf(term, "en")
    if votes < _ENGLISH_VOTES or zipf >= _EVERYDAY_ENGLISH:
        return None
    return Grade.PROFANE if zipf < _ORDINARY_ENGLISH else Grade.MILD


def _foreign(term: str, language: str, sources: dict[str, bool], frequencies: Frequencies) -> Grade | None:
    votes = len(sources)
    if len(term) < 2 or (term.isascii() and (len(term) < _SHORT or language in _OWN_SCRIPT)):
        return None
    limit = _LIMITS.get(votes, _LIMIT_OF_MANY)
    if all(sources.values()) and votes == 1:
        if unbounded(term):
            return None  # how common it is cannot be told, and much of it is the text of web pages
        limit = _LIMIT_OF_TRANSLATED
    else:
        limit = max(limit, _LIMIT_OF_THIN.get(language, 0.0))
    ordinary = frequencies.zipf(term, language) - _RARER_BY_WORD * term.count(" ")
    if unbounded(term):
        ordinary = max(ordinary, frequencies.inside(term, language))
    if ordinary < limit:
        return Grade.HOMOGRAPH if _known_elsewhere(term, language, frequencies) else Grade.VULGAR
    return Grade.MILD if votes > 1 and ordinary < limit + _ALMOST else None


def _known_elsewhere(term: str, language: str, frequencies: Frequencies) -> bool:
    """Whether another language has this as an ordinary word, or may have since it is short."""
    if unbounded(term):
        return False
    rare = frequencies.elsewhere(term, language) - _RARER_BY_WORD * term.count(" ") < _ELSEWHERE
    return not rare or len(term) <= _SHORT
