"""General profanity, insults among it, by the grade its source gives: alone, in a sentence, disguised."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from services.prompt_filter.evaluation.cases import Case, Suite, sample
from services.prompt_filter.evaluation.disguises import DISGUISES

_STRONG: Final = 1.6
_SEVERE: Final = 2.4
_CARRIERS: Final = ("{}", "you {}", "this is such a {} thing to say")
_KINDS: Final = ("leet, partial", "spaced", "zero-width, once", "repeats, one letter", "split by dot")


def profanity(data: Path, words: int, seed: int) -> Suite:
    """Up to `words` rows of the Surge list, each as written and under five disguises."""
    cases: list[Case] = []
    with (data / "more" / "surge_profanity_lexicon.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["text"]: json.loads(row["labels"]) for row in csv.DictReader(file)}
    for term in sample(rows, words, seed=seed):
        cases += _written(term, _grade(rows[term]), seed)
    return Suite("general profanity", tuple(cases))


def _grade(labels: dict[str, str]) -> str:
    severity = float(labels["severity"])
    degree = "mild" if severity < _STRONG else "strong" if severity < _SEVERE else "severe"
    return f"{degree}, {'sexual' if int(labels['sexual']) else 'other'}"


def _written(term: str, grade: str, seed: int) -> Iterator[Case]:
    chance = Random(f"{seed}:{term}")
    for carrier in _CARRIERS:
        yield Case(carrier.replace("{}", term), True, term, {"grade": grade, "written": "plainly"})
    for kind in _KINDS if term.isalpha() and term.isascii() else ():
        text = chance.choice(_CARRIERS).replace("{}", DISGUISES[kind](term, chance))
        yield Case(text, True, term, {"grade": grade, "written": "disguised"})
