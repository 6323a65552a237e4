"""Listed terms as data: what each stands for and how much it says by itself."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from services.chassis.errors import PolicyError
from services.contracts.vocabulary import Category, Severity
from services.prompt_filter.text.language import ENGLISH

TENANT = "tenant"
"""Stands in the place of a language in entries that a tenant added."""

_MANY = 3


class Grade(StrEnum):
    """How much a term says without any context."""

    EXPLICIT = "explicit"
    VULGAR = "vulgar"
    # An ordinary English word as well: says something in a text of another language only.
    HOMOGRAPH = "homograph"
    # Strong language that says nothing sexual: counts alone, never together with a minor or a person.
    PROFANE = "profane"
    SUGGESTIVE = "suggestive"
    # Mild language: worth a label, no more.
    MILD = "mild"
    # Has an everyday meaning too: counts only together with something else.
    AMBIGUOUS = "ambiguous"

    @property
    def severity(self) -> Severity:
        return _SEVERITY[self]

    @property
    def hidden(self) -> bool:
        """Whether people take the trouble to hide such words."""
        return self in (Grade.EXPLICIT, Grade.VULGAR, Grade.PROFANE)


_SEVERITY: Mapping[Grade, Severity] = {
    Grade.EXPLICIT: Severity.HIGH,
    Grade.VULGAR: Severity.LOW,
    Grade.PROFANE: Severity.LOW,
    Grade.SUGGESTIVE: Severity.MEDIUM,
    Grade.MILD: Severity.LOW,
    Grade.HOMOGRAPH: Severity.LOW,
    Grade.AMBIGUOUS: Severity.LOW,
}


class Role(StrEnum):
    """What part a term plays. Categories of harm, and indicators that only matter in conjunction."""

    SEXUAL = "sexual"
    SEXUAL_MINORS = "sexual_minors"
    VIOLENCE = "violence"
    GORE = "gore"
    MINOR = "minor"
    PERSON = "person"
    UNDRESS = "undress"

    @property
    def category(self) -> Category | None:
        """The category a hit counts for by itself; None for mere indicators."""
        return _CATEGORY.get(self)


_CATEGORY = {
    Role.SEXUAL: Category.SEXUAL,
    Role.SEXUAL_MINORS: Category.SEXUAL_MINORS,
    Role.VIOLENCE: Category.VIOLENCE,
    Role.GORE: Category.GRAPHIC_VIOLENCE,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed term. Decisions and logs name it by `id`, never by `term`."""

    id: str
    term: str
    role: Role
    grade: Grade
    language: str
    source: str

    @property
    def silent(self) -> bool:
        """Whether no rule applies to a text in which only such terms are found."""
        if self.role in (Role.UNDRESS, Role.GORE):
            return False
        return self.grade is Grade.AMBIGUOUS or self.role in (Role.MINOR, Role.PERSON, Role.VIOLENCE)

    @property
    def lists(self) -> int:
        """How many source lists have it."""
        return self.source.count("+") + 1

    def known_to(self, lists: int) -> bool:
        """Whether so many English lists have it, or a tenant."""
        return self.language == TENANT or (self.language == ENGLISH and self.lists >= lists)

    @property
    def known_to_many(self) -> bool:
        """Whether people know it with half its letters gone."""
        return self.known_to(_MANY)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries, and what keeps them from firing where they must not.

    Attributes:
        allowed: words that are never a hit, and phrases in which nothing is one.
        dictionary: English words, never taken for disguised or misspelled ones.
        abroad: by language, as they are written, ordinary words that look like terms of another.
        frequencies: Zipf values of common English words, listed ones among them.
    """

    entries: tuple[Entry, ...]
    allowed: frozenset[str] = frozenset()
    dictionary: frozenset[str] = frozenset()
    version: str = ""
    abroad: Mapping[str, frozenset[str]] = field(default_factory=dict)
    frequencies: Mapping[str, float] = field(default_factory=dict)

    def extended(self, entries: Iterable[Entry], allowed: Iterable[str] = ()) -> Lexicon:
        """This lexicon with a tenant's own entries and allowances."""
        return replace(
            self,
            entries=(*self.entries, *entries),
            allowed=self.allowed | set(allowed),
            version=f"{self.version}+tenant",
        )


def entry_id(role: Role, language: str, term: str) -> str:
    """Stable over rebuilds and free of the term itself."""
    return f"{role.value}-{language}-{hashlib.sha256(term.encode()).hexdigest()[:8]}"


COLUMNS = ("term", "role", "grade", "source")

_WORDS = ("allowed.txt", "innocent_phrases.txt", "names.txt", "dictionary.txt.gz")
_OF_WORDS = {".tsv", ".txt", ".gz"}
_ABROAD = "ordinary_abroad.tsv"
_FREQUENCIES = "common_words.tsv"


def read_entries(path: Path) -> Iterator[Entry]:
    """Entries of one file, `<language>.tsv`; PolicyError names file and line of a bad row."""
    language = path.stem
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t"), start=2):
            try:
                role, grade = Role(row["role"]), Grade(row["grade"])
                term = row["term"]
            except (KeyError, ValueError) as error:
                raise PolicyError(f"{path.name} line {number}: {error}") from error
            yield Entry(entry_id(role, language, term), term, role, grade, language, row.get("source") or "")


def read_words(path: Path) -> frozenset[str]:
    """One word or phrase a line; `#` begins a comment. Files ending in .gz are unpacked."""
    if path.suffix == ".gz":
        import gzip

        text = gzip.decompress(path.read_bytes()).decode()
    else:
        text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if "#" in text:
        lines = [line for line in lines if not line.startswith("#")]
    return frozenset(filter(None, lines))


def read_words_by_language(path: Path) -> dict[str, frozenset[str]]:
    """`language<TAB>words` rows."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: frozenset(row[1].split()) for row in rows if len(row) == 2}


def read_frequencies(path: Path) -> dict[str, float]:
    """`word<TAB>Zipf value` rows."""
    rows = (line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {word: float(zipf) for word, _, zipf in rows}


def read_lists(folder: Path) -> tuple[Entry, ...]:
    """Every entry of the shipped lists, `lexicon/*.tsv` and `indicators/*.tsv`."""
    return tuple(entry for path in _lists(folder) for entry in read_entries(path))


def load_lexicon(folder: Path) -> Lexicon:
    """The shipped lists, the files of `_WORDS`, and what is ordinary abroad."""
    *allowed, dictionary = (read_words(folder / name) for name in _WORDS)
    abroad = read_words_by_language(folder / _ABROAD)
    frequencies = read_frequencies(folder / _FREQUENCIES)
    return Lexicon(
        read_lists(folder),
        frozenset().union(*allowed),
        dictionary,
        _digest(folder),
        abroad,
        frequencies,
    )


def _digest(folder: Path) -> str:
    """Of every file of words, whoever reads it: all decide. The policy has a version of its own."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _OF_WORDS):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()[:12]


def _lists(folder: Path) -> list[Path]:
    return sorted([*folder.glob("lexicon/*.tsv"), *folder.glob("indicators/*.tsv")])
