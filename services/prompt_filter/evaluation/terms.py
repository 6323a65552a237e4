"""Lexicon entries that the sets are filled in with, chosen by role, grade and language."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from services.prompt_filter.evaluation.cases import sample
from services.prompt_filter.lexicon import Entry, Grade, Lexicon, Role

FLAGGED_ALONE = (Grade.EXPLICIT, Grade.VULGAR, Grade.PROFANE, Grade.HOMOGRAPH)
"""Grades that the shipped policy flags without any context."""

_SHORTEST, _LONGEST = 4, 16


class Terms:
    """Entries of one lexicon. Samples depend on entry ids and the seed alone."""

    def __init__(self, lexicon: Lexicon, seed: int) -> None:
        self._seed = seed
        self.lexicon = lexicon
        self._known: frozenset[str] | None = None

    def of(self, role: Role, language: str, grades: Collection[Grade], count: int) -> list[Entry]:
        """Entries of a role, language and any of the grades."""
        found = [
            entry
            for entry in self.lexicon.entries
            if entry.role is role and entry.language == language and entry.grade in grades
        ]
        return self._sampled(found, count)

    def words(self, count: int) -> list[Entry]:
        """English words worth hiding: single, of four letters or more, flagged alone."""
        return self._sampled(self._speaking(), count)

    def _speaking(self) -> list[Entry]:
        return [
            entry
            for entry in self.lexicon.entries
            if entry.language == "en"
            and entry.role is Role.SEXUAL
            and entry.grade in (Grade.EXPLICIT, Grade.VULGAR, Grade.PROFANE)
            and _plain(entry.term)
        ]

    def speaking(self) -> frozenset[str]:
        """English words of four letters or more that are flagged alone."""
        return frozenset(entry.term for entry in self._speaking())

    def listed(self) -> frozenset[str]:
        """Every listed English word, as it is written."""
        return frozenset(entry.term for entry in self.lexicon.entries if entry.language == "en")

    def known(self) -> frozenset[str]:
        """Every word of the dictionary and every listed one."""
        if self._known is None:
            self._known = self.lexicon.dictionary | {entry.term for entry in self.lexicon.entries}
        return self._known

    def ordinary(self, count: int) -> list[str]:
        """Dictionary words of the same lengths that no list names."""
        listed = self.listed()
        words = (word for word in self.lexicon.dictionary if _plain(word) and word not in listed)
        return sample(words, count, seed=self._seed)

    def _sampled(self, entries: Sequence[Entry], count: int) -> list[Entry]:
        by_id = {entry.id: entry for entry in entries}
        return [by_id[name] for name in sample(by_id, count, seed=self._seed)]


def _plain(word: str) -> bool:
    return word.isascii() and word.isalpha() and word.islower() and _SHORTEST <= len(word) <= _LONGEST


def cycle(items: Sequence[Entry]) -> Iterator[Entry]:
    """The items over and over; nothing where there are none."""
    while items:
        yield from items
