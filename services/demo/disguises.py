"""Placeholders: listed terms by their ids, disguised by program and never shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from services.prompt_filter.lexicon import Entry, Grade, Role, read_entries

_LEXICON = Path(__file__).parents[1] / "prompt_filter" / "data"
_LEET: Final = str.maketrans("aeio", "4310")
_CYRILLIC: Final = str.maketrans("aeopcx", "аеорсх")

DISGUISES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "as it is": lambda term: term,
        "zero-width characters": "\u200b".join,
        "look-alike letters": lambda term: term.translate(_CYRILLIC),
        "figures for letters": lambda term: term.translate(_LEET),
        "letters apart": " ".join,
        "markup inside": lambda term: f"{term[:2]}<b></b>{term[2:]}",
        "letters repeated": lambda term: "".join(letter * 3 for letter in term),
        "misspelled": lambda term: term[:-3] + term[-2] + term[-3] + term[-1],
    }
)


@dataclass(frozen=True, slots=True)
class Placeholders:
    """One listed term of each kind, chosen by id."""

    explicit: Entry
    suggestive: Entry
    minor: Entry

    @classmethod
    def choose(cls) -> Placeholders:
        """The first fitting English entries in the order of their ids."""
        entries = [
            *read_entries(_LEXICON / "lexicon" / "en.tsv"),
            *read_entries(_LEXICON / "indicators" / "en.tsv"),
        ]
        return cls(
            _first(entries, Role.SEXUAL, Grade.EXPLICIT),
            _first(entries, Role.SEXUAL, Grade.SUGGESTIVE),
            _first(entries, Role.MINOR, Grade.EXPLICIT),
        )


def _first(entries: list[Entry], role: Role, grade: Grade) -> Entry:
    fitting = (
        entry
        for entry in entries
        if entry.role is role and entry.grade is grade and entry.term.isalpha() and len(entry.term) >= 6
    )
    return min(fitting, key=lambda entry: entry.id)
