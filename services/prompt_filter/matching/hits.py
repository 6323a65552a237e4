"""What matching finds."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from services.prompt_filter.lexicon import Entry


class View(StrEnum):
    """How the text had to be read for the term to appear."""

    EXACT = "exact"
    FUZZY = "fuzzy"
    # A misspelling that is likelier of a common word.
    DOUBTFUL = "doubtful"
    LEET = "leet"
    REPEATED = "repeated"
    JOINED = "joined"
    SPLIT = "split"
    REVERSED = "reversed"

    @property
    def aggressive(self) -> bool:
        """Readings that innocent text can be forced into; they need more than themselves."""
        return self in (View.SPLIT, View.DOUBTFUL)


class Hit(NamedTuple):
    """A listed term, where it stands in the canonical text, and under which view."""

    entry: Entry
    start: int
    end: int
    view: View = View.EXACT


Reading = tuple[Entry, View]
"""A listed term that a word can be read as, and how."""
