"""Ordinary words that hold a listed one by their letters, as Scunthorpe does."""

from __future__ import annotations

from collections.abc import Iterable

from services.prompt_filter.lexicon import Entry
from services.prompt_filter.matching.phrases import compiled
from services.prompt_filter.text.tokens import words

_SHORTEST = 3


class LookAlikes:
    """Tells texts in which statistics of letters may mislead."""

    def __init__(self, entries: Iterable[Entry], dictionary: frozenset[str]) -> None:
        listed = {
            entry.term
            for entry in entries
            if entry.grade.hidden and entry.role.category and len(entry.term) >= _SHORTEST
            if entry.term.isascii() and entry.term.isalpha()
        }
        self._ordinary = dictionary - listed
        self._listed = compiled(sorted(listed))

    def any_in(self, text: str) -> bool:
        """Whether a word of this canonical text is ordinary, and holds a listed one."""
        if self._listed is None:
            return False
        ordinary = " ".join(word for word in words(text) if word in self._ordinary)
        return bool(self._listed.find_matches_as_indexes(ordinary))
