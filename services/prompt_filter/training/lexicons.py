"""Word lists of the data folder, used in training only."""

from __future__ import annotations

import csv
import re
from pathlib import Path


def trigger_words(data: Path) -> frozenset[str]:
    """Single words that some list calls sexual, profane or sensitive."""
    words = _lines(data / "lexicons" / "sneakyprompt_words.txt")
    words |= _lines(data / "lexicons" / "ldnoobw" / "en.txt")
    for name in ("surge_profanity_lexicon.csv", "civitai_lexicon.csv"):
        with (data / "more" / name).open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            words |= {row["text"].lower() for row in rows if '"sexual": 1' in row["labels"]}
    return frozenset(word for word in words if " " not in word and len(word) > 3)


def gore_pattern(path: Path) -> re.Pattern[str]:
    """Matches any word that begins with a listed stem."""
    stems = [line for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, stems)) + ")")


def _lines(path: Path) -> set[str]:
    return {line.strip().lower() for line in path.read_text("utf-8").splitlines() if line.strip()}
