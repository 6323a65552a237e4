"""How much is measured: a full run, and a smaller one on what lies in the repository alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of terms, words and rows."""

    obfuscated_words: int
    terms_per_language: int
    innocents: int
    prose: int
    terms_in_syntax: int
    rows_per_source: int
    timed: int
    disguised_captions: int
    slipped_captions: int


FULL: Final = Sizes(400, 120, 20_000, 1000, 60, 3000, 600, 150, 3000)
SMALL: Final = Sizes(40, 25, 2000, 100, 8, 0, 0, 0, 0)
