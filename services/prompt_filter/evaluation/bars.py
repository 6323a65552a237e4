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
    language_recall: float = 0.90
    language_false_positives: float = 0.01
    innocents: float = 0.001
    captions: float = 0.001
    identities: float = 0.02
    conjunction_recall: float = 0.95
    syntax_false_positives: float = 0.02
    shortfalls: Mapping[str, float] = field(default_factory=dict)


AIMS: Final = Bars()

REACHED: Final = Bars(
    # Worst figures of the smaller run, with room for a few cases. Mend one, then take its line away.
    shortfalls={
        "obfuscation: F1": 0.9,
        "obfuscation: false positives": 0.017,
        "obfuscation: recall kept, mean of kinds": 0.9,
        "language recall: de": 0.8,
        "language false positives: en": 0.039,
        "language false positives: tl": 0.051,
        "language false positives: vi": 0.393,
        "language false positives: ar": 0.054,
        "language false positives: fr": 0.126,
        "language false positives: ru": 0.144,
        "language false positives: de": 0.186,
        "language false positives: hi": 0.108,
        "language false positives: pt": 0.141,
        "language false positives: nl": 0.141,
        "language false positives: ja": 0.018,
        "minor and sexual: es": 0.89,
        "minor and sexual: hi": 0.79,
        "minor and sexual: pt": 0.89,
        "innocent words: words of the dictionary": 0.008,
        "identity: orientation": 0.099,
        "prompt syntax: excluded": 0.118,
    }
)
