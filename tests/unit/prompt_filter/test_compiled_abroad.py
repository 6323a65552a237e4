"""Which words are compiled as ordinary abroad: common ones that are taken for terms of another language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.prompt_filter.compiling import ordinary_abroad
from services.prompt_filter.compiling.ordinary_abroad import MistakenAbroad
from services.prompt_filter.compiling.word_frequencies import Frequencies
from services.prompt_filter.lexicon import Grade, Role
from tests.unit.prompt_filter.placeholders import EXPLICIT, SHORT, VULGAR, entry, fold, lexicon

FREQUENT, RARE, ONCE_IN_A_MILLION = 10**-4.0, 10**-7.0, 10**-6.0


@pytest.mark.parametrize(
    ("word", "share", "at_home", "ordinary"),
    [
        (EXPLICIT, FREQUENT, 0.0, True),
        (EXPLICIT, FREQUENT, 4.5, False),  # as common where it is listed: lent, and means the same
        (EXPLICIT, ONCE_IN_A_MILLION, 0.0, False),
        ("blőrvick", FREQUENT, 0.0, True),
        ("blorvock", ONCE_IN_A_MILLION, 0.0, True),  # a misspelling at most
        ("blorvock", RARE, 0.0, False),
        ("forest", FREQUENT, 0.0, False),
        (SHORT, FREQUENT, 0.0, False),  # listed in that language too
    ],
)
def test_by_frequency(
    monkeypatch: pytest.MonkeyPatch, word: str, share: float, at_home: float, *, ordinary: bool
) -> None:
    def written(folder: Path) -> Iterator[tuple[str, dict[str, float]]]:
        del folder
        yield "nl", {word: share}

    monkeypatch.setattr(ordinary_abroad, "written", written)
    terms = lexicon(replace(entry(SHORT), language="nl"), entry(VULGAR, Role.SEXUAL, Grade.MILD))
    found = MistakenAbroad(terms, fold(), Frequencies({"en": {EXPLICIT: at_home}})).words(Path())
    assert found.get("nl", []) == ([word] if ordinary else [])
