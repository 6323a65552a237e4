"""Words of one language that look like terms of another say nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.prompt_filter.lexicon import Entry, Grade, Role
from services.prompt_filter.matching.abroad import OrdinaryAbroad
from services.prompt_filter.matching.hits import Hit, View
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import fold, lexicon

ABROAD = OrdinaryAbroad({"nl": ["blorb"], "vi": ["blőrb"]})


def _entry(language: str) -> Entry:
    return Entry("sexual-1", "blorb", Role.SEXUAL, Grade.EXPLICIT, language, "test")


@pytest.mark.parametrize(
    ("listed_in", "written", "language", "view", "ordinary"),
    [
        ("en", "blorb", "nl", View.EXACT, True),
        ("en", "Blorb,", "nl", View.EXACT, True),
        ("en", "blorb", "en", View.EXACT, False),
        ("en", "blorb", "de", View.EXACT, False),
        ("nl", "blorb", "nl", View.EXACT, False),
        ("tenant", "blorb", "nl", View.EXACT, False),
        ("en", "blőrb", "en", View.EXACT, True),
        ("en", "blo\u030brb", "en", View.EXACT, True),
        ("en", "blörb", "en", View.EXACT, False),
        ("en", "blörbs", "en", View.FUZZY, True),
        ("en", "blоrbs", "en", View.FUZZY, False),
        ("en", "blörb", "en", View.LEET, False),
    ],
)
def test_by_how_it_is_written_and_by_the_texts_language(
    listed_in: str, written: str, language: str, view: View, *, ordinary: bool
) -> None:
    hit = Hit(_entry(listed_in), 0, len(written), view)
    assert ABROAD(hit, language, lambda start, end: written[start:end]) is ordinary


def test_the_matcher_looks_at_the_original() -> None:
    terms = replace(lexicon(_entry("en")), abroad={"vi": frozenset(["blőrb"])})
    canonical = canonicalise("a BLŐRB and a blorb", fold())
    found = Matcher(terms, fold()).find(
        Tokens(canonical.text), "en", canonical.mapped.of("a BLŐRB and a blorb")
    )
    assert [(hit.start, hit.end) for hit in found] == [(14, 19)]
