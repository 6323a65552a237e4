"""What tenants add at run time: own terms, allowances, protected persons; effective in seconds.

A tenant's file, `<tenant>.json`:

    {"allow": ["…"],
     "block": [{"term": "…", "category": "sexual"}],
     "protected_persons": ["…"],
     "known_minors": ["…"]}

A file that cannot be read keeps the last good state and is said in the log: a slip of the
hand must not switch protection off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.lexicon import TENANT, Entry, Grade, Lexicon, Role, entry_id
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.text.fold import CharacterFold

_log = structlog.get_logger(__name__)
_MAX_FILE_BYTES = 4 * 1024 * 1024


class BlockedTerm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    term: str = Field(min_length=2, max_length=200)
    category: Literal["sexual", "sexual_minors", "violence"] = "sexual"


class TenantTerms(BaseModel):
    """The content of a tenant's file."""

    model_config = ConfigDict(extra="forbid")

    allow: list[str] = []
    block: list[BlockedTerm] = []
    protected_persons: list[str] = []
    known_minors: list[str] = []

    def entries(self) -> Iterator[Entry]:
        """Lexicon entries; names are indicators, and count only in conjunction."""
        for blocked in self.block:
            yield _entry(blocked.term, Role(blocked.category))
        for name in self.protected_persons:
            yield _entry(name, Role.PERSON)
        for name in self.known_minors:
            yield _entry(name, Role.MINOR)


@dataclass(frozen=True, slots=True)
class _Loaded:
    stamp: tuple[int, int]
    filter: PromptFilter


class TenantFilters:
    """The shared filter, and one for each tenant that has terms of its own."""

    def __init__(
        self, shared: PromptFilter, lexicon: Lexicon, fold: CharacterFold, *, folder: Path | None
    ) -> None:
        self.shared = shared
        self._lexicon = lexicon
        self._fold = fold
        self._folder = folder
        self._tenants: Mapping[str, _Loaded] = {}

    def of(self, tenant: str) -> PromptFilter:
        """The filter that judges this tenant's prompts."""
        loaded = self._tenants.get(tenant)
        return loaded.filter if loaded else self.shared

    def refresh(self) -> None:
        """Take up files that are new, changed or gone. Cheap when nothing changed."""
        if self._folder is None:
            return
        files = {path.stem: path for path in sorted(self._folder.glob("*.json"))}
        loaded = {name: self._current(name, path) for name, path in files.items()}
        self._tenants = {name: one for name, one in loaded.items() if one is not None}

    def _current(self, tenant: str, path: Path) -> _Loaded | None:
        known = self._tenants.get(tenant)
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if known is not None and known.stamp == stamp:
                return known
            return _Loaded(stamp, self._filter(_read(path)))
        except (OSError, ValueError, ValidationError) as error:
            _log.error("tenant_terms_refused", tenant=tenant, error=type(error).__name__)
            return known

    def _filter(self, terms: TenantTerms) -> PromptFilter:
        lexicon = self._lexicon.extended(terms.entries(), (term.lower() for term in terms.allow))
        return self.shared.with_matcher(Matcher(lexicon, self._fold), lexicon.version)


def _read(path: Path) -> TenantTerms:
    if path.stat().st_size > _MAX_FILE_BYTES:
        raise ValueError(f"{path.name} is larger than {_MAX_FILE_BYTES} bytes")
    return TenantTerms.model_validate_json(path.read_bytes())


def _entry(term: str, role: Role) -> Entry:
    return Entry(entry_id(role, TENANT, term), term, role, Grade.EXPLICIT, TENANT, TENANT)
