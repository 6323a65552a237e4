"""Rules as data: what the fields of a file must show to name a tool."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.contracts.vocabulary import ProvenanceVerdict
from services.media_scanner.containers.fields import Field, Metadata, Place
from services.media_scanner.metadata.settings import generation_settings


class Subject:
    """One field with the structure inside it, read at most once.

    `document` is the JSON object the text holds, or None; `settings` its settings line.
    """

    def __init__(self, source: Field) -> None:
        self.place = source.place
        self.key = source.key
        self.text = source.text

    @cached_property
    def document(self) -> Mapping[str, object] | None:
        if not self.text.lstrip().startswith("{"):
            return None
        try:
            value = json.loads(self.text)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    @cached_property
    def settings(self) -> dict[str, str] | None:
        return generation_settings(self.text)


@dataclass(frozen=True, slots=True)
class Test:
    """What one field must show; everything that is given must hold.

    Attributes:
        places: where it may stand; empty: anywhere.
        keys: its name, one of these; empty: any.
        contains: all of these in the text.
        pattern: found in the text; patterns are linear, without nested repetition.
        names: all of these among the keys of the JSON object that the text is.
        values: string members of that object that start so.
        settings: members of the settings line matching these patterns; `is_settings` demands
            such a line without saying what it holds.
    """

    __test__ = False  # not a pytest class

    places: frozenset[Place] = frozenset()
    keys: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    names: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    is_settings: bool = False

    def holds(self, subject: Subject) -> bool:
        if self.places and subject.place not in self.places:
            return False
        if self.keys and subject.key not in self.keys:
            return False
        return (
            self._text_holds(subject.text) and self._document_holds(subject) and self._settings_hold(subject)
        )

    def _text_holds(self, text: str) -> bool:
        if self.starts and not text.startswith(self.starts):
            return False
        if not all(part in text for part in self.contains):
            return False
        return self.pattern is None or self.pattern.search(text) is not None

    def _document_holds(self, subject: Subject) -> bool:
        if not self.names and not self.values:
            return True
        document = subject.document
        if document is None or not self.names <= document.keys():
            return False
        return all(str(document.get(name, "")).startswith(start) for name, start in self.values.items())

    def _settings_hold(self, subject: Subject) -> bool:
        if not self.settings and not self.is_settings:
            return True
        settings = subject.settings
        if settings is None:
            return False
        return all(pattern.match(settings.get(name, "")) for name, pattern in self.settings.items())


@dataclass(frozen=True, slots=True)
class Rule:
    """A tool and the tests that together name it, each met by some field of the file."""

    id: str
    tool: str
    tests: tuple[Test, ...]
    verdict: ProvenanceVerdict = ProvenanceVerdict.YES


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that held, and the fields it held by."""

    rule: Rule
    fields: tuple[Subject, ...]


def match(rules: Iterable[Rule], metadata: Metadata) -> Match | None:
    """The first rule that holds."""
    subjects = [Subject(source) for source in metadata.fields]
    found = (_try(rule, subjects) for rule in rules)
    return next((hit for hit in found if hit is not None), None)


def _try(rule: Rule, subjects: list[Subject]) -> Match | None:
    fields = []
    for test in rule.tests:
        subject = next((subject for subject in subjects if test.holds(subject)), None)
        if subject is None:
            return None
        fields.append(subject)
    return Match(rule, tuple(fields))
