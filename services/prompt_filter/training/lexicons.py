"""Word lists used in training: those of the data folder, the shipped lexicon, and lists of stems."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

from services.prompt_filter.classifier.text import canonical
from services.prompt_filter.lexicon import Grade, load_lexicon
from services.prompt_filter.settings import DATA


def trigger_words(data: Path) -> frozenset[str]:
    """Single words that some list calls sexual, profane or sensitive."""
    words = _lines(data / "lexicons" / "sneakyprompt_words.txt")
    words |= _lines(data / "lexicons" / "ldnoobw" / "en.txt")
    for name in ("surge_profanity_lexicon.csv", "civitai_lexicon.csv"):
        with (data / "more" / name).open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            words |= {row["text"].lower() for row in rows if '"sexual": 1' in row["labels"]}
    return frozenset(word for word in words if " " not in word and len(word) > 3)


def stem_pattern(path: Path) -> re.Pattern[str]:
    """Matches any word that begins with a listed stem."""
    stems = [line for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, stems)) + ")")


def naming_harm(data: Path, language: str, *stems: Path) -> Callable[[str], bool]:
    """Whether a canonical text of this language holds a word that any list knows as more than ambiguous."""
    entries = load_lexicon(DATA).entries
    listed = trigger_words(data).union(
        canonical(entry.term)
        for entry in entries
        if entry.language == language and entry.grade is not Grade.AMBIGUOUS and entry.role.category
    )
    patterns = [stem_pattern(path) for path in stems]

    def names_harm(text: str) -> bool:
        return not listed.isdisjoint(text.split()) or any(pattern.search(text) for pattern in patterns)

    return names_harm


def _lines(path: Path) -> set[str]:
    return {line.strip().lower() for line in path.read_text("utf-8").splitlines() if line.strip()}
