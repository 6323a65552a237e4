"""The bars: what is aimed at, and what a change must not fall below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Bars:
    """Least recall and most false positives of each kind of set, as shares.

    `shortfalls` replaces the bar of single gates, by name: what is not reached yet is said here.
    """

    obfuscation_f1: float = 0.95
    obfuscation_false_positives: float = 0.0
    recall_kept: float = 0.95
    misspelled_false_positives: float = 0.01
    language_recall: float = 0.90
    language_false_positives: float = 0.01
    innocents: float = 0.001
    captions: float = 0.001
    disguised_captions: float = 0.01
    slipped_captions: float = 0.01
    prose: float = 0.01
    identities: float = 0.02
    conjunction_recall: float = 0.95
    syntax_false_positives: float = 0.02
    shortfalls: Mapping[str, float] = field(default_factory=dict)


AIMS: Final = Bars()

REACHED: Final = Bars(
    # Worst figures of the smaller run, with room for a few cases. Mend one, then take its line away.
    shortfalls={
        "obfuscation: false positives": 0.005,
        "misspellings: recall kept, mean of kinds": 0.9,
        "language false positives: en": 0.02,
        "ordinary prose: all": 0.04,
    }
)
