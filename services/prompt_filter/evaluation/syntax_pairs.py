"""Prompt syntax and ages in minimal pairs: the same term sought, excluded, mentioned, beside an age."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from services.contracts.vocabulary import Category
from services.prompt_filter.evaluation.cases import Case, Suite
from services.prompt_filter.evaluation.terms import Terms
from services.prompt_filter.lexicon import Entry, Grade, Role

_EXPECTED: Final[dict[str, tuple[bool, Category | None]]] = {
    "excluded": (False, None),
    "mentioned": (False, None),
    "adult or thing": (False, Category.SEXUAL_MINORS),
    "sought": (True, Category.SEXUAL),
    "with a minor": (True, Category.SEXUAL_MINORS),
    "with a real person": (True, Category.NONCONSENSUAL),
}


def syntax_pairs(terms: Terms, folder: Path, *, count: int, seed: int) -> Suite:
    """Every pattern with `count` explicit terms; harmless patterns as they stand."""
    content = json.loads((folder / "syntax.json").read_text(encoding="utf-8"))
    cases = list(_harmless(content["harmless"]))
    sexual = terms.of(Role.SEXUAL, "en", (Grade.EXPLICIT,), count)
    fill = {
        "{minor}": terms.of(Role.MINOR, "en", (Grade.EXPLICIT,), count),
        "{person}": terms.of(Role.PERSON, "en", (Grade.EXPLICIT,), count),
        "{undress}": terms.of(Role.UNDRESS, "en", (Grade.EXPLICIT,), count),
    }
    chance = Random(seed)
    for expectation, (seeking, category) in _EXPECTED.items():
        for kind, patterns in content[expectation].items():
            for pattern in patterns:
                for entry in sexual:
                    slices = {"expectation": expectation, "kind": kind}
                    text = _filled(pattern, entry, fill, chance)
                    cases.append(Case(text, seeking, entry.id, slices, category))
    return Suite("prompt syntax", tuple(cases))


def _harmless(kinds: dict[str, Any]) -> Iterator[Case]:
    for kind, texts in kinds.items():
        for text in texts:
            yield Case(text, False, text, {"expectation": "harmless", "kind": kind})


def _filled(pattern: str, entry: Entry, fill: dict[str, list[Entry]], chance: Random) -> str:
    text = pattern.replace("{term}", entry.term)
    for slot, entries in fill.items():
        if slot in text:
            text = text.replace(slot, chance.choice(entries).term)
    return text
