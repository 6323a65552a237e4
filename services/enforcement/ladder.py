"""The versioned ladder: what a violation weighs and what the weight leads to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from services.chassis.errors import PolicyError
from services.contracts.vocabulary import (
    Category,
    Decision,
    RestrictionKind,
    Severity,
    StandingLevel,
    Word,
)

DAY_SECONDS = 86_400.0
HIGHEST_AUTOMATIC_LEVEL = StandingLevel.SUSPENDED
"""No ladder goes beyond it: a permanent ban is for a named person to decide."""

W = TypeVar("W", bound=Word)


def _named(words: type[W], value: object) -> object:
    """Files write the vocabulary by its names, in lower case."""
    if isinstance(value, str) and value.upper() in words.__members__:
        return words[value.upper()]
    return value


_AS_NAME = PlainSerializer(lambda word: word.label, return_type=str)
CategoryName = Annotated[Category, BeforeValidator(partial(_named, Category)), _AS_NAME]
SeverityName = Annotated[Severity, BeforeValidator(partial(_named, Severity)), _AS_NAME]
DecisionName = Annotated[Decision, BeforeValidator(partial(_named, Decision)), _AS_NAME]
LevelName = Annotated[StandingLevel, BeforeValidator(partial(_named, StandingLevel)), _AS_NAME]
RestrictionName = Annotated[RestrictionKind, BeforeValidator(partial(_named, RestrictionKind)), _AS_NAME]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Effect(_Part):
    """What follows for the account, from the moment of the violation. No `days`: without end."""

    name: str = Field(min_length=1, max_length=60)
    level: LevelName
    restrictions: tuple[RestrictionName, ...] = ()
    days: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _reversible_by_machine(self) -> Self:
        if not StandingLevel.GOOD < self.level <= HIGHEST_AUTOMATIC_LEVEL:
            raise ValueError(f"{self.name}: an automatic effect is warned, limited or suspended")
        if self.level is StandingLevel.SUSPENDED and RestrictionKind.ALL not in self.restrictions:
            raise ValueError(f"{self.name}: suspended means the restriction `all`")
        return self


class Step(Effect):
    """Follows when the live points reach `points`."""

    points: int = Field(ge=1)


class Immediate(Effect):
    """Follows at once, whatever the points and whether or not it is the first."""

    category: CategoryName
    from_severity: SeverityName


class FirstOffence(Effect):
    """All that follows from an account's first strike, up to a severity: education before penalty."""

    up_to_severity: SeverityName


class AppealTerms(_Part):
    """How long and how often a violation may be appealed. Always free."""

    open_days: float = Field(default=184, ge=183)
    per_violation: int = Field(default=2, ge=1)


class Ladder(_Part):
    """One version of the policy. An event is judged by the version it was recorded under."""

    version: str = Field(min_length=1, max_length=100)
    strikes_on: tuple[DecisionName, ...] = Field(min_length=1)
    window_days: float = Field(gt=0)
    points: Mapping[CategoryName, Mapping[SeverityName, Annotated[int, Field(ge=0)]]]
    steps: tuple[Step, ...] = Field(min_length=1)
    immediate: tuple[Immediate, ...] = ()
    first_offence: FirstOffence | None = None
    appeals: AppealTerms = AppealTerms()

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        for category in Category:
            missing = [
                severity.label for severity in Severity if severity not in self.points.get(category, {})
            ]
            if missing:
                raise ValueError(f"points of {category.label} lack {', '.join(missing)}")
        if {Decision.ALLOW, Decision.LABEL}.intersection(self.strikes_on):
            raise ValueError("strikes_on: what is allowed or labelled is no violation")
        if [step.points for step in self.steps] != sorted({step.points for step in self.steps}):
            raise ValueError("points of the steps must rise")
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a JSON ladder; PolicyError names the file and the fault."""
        try:
            return cls.from_document(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise PolicyError(f"ladder {path}: {error}") from error

    @classmethod
    def from_document(cls, document: object) -> Self:
        """Check a ladder as JSON gives it; PolicyError names the fault."""
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            raise PolicyError(f"ladder: {error}") from error

    def document(self) -> str:
        """Canonical JSON: the same ladder is the same text."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))

    @property
    def window_seconds(self) -> float:
        """How long a strike's points live."""
        return self.window_days * DAY_SECONDS

    def weigh(self, category: Category, severity: Severity, decision: Decision) -> int:
        """Points of a violation; 0 where its decision is none that strikes."""
        return self.points[category][severity] if decision in self.strikes_on else 0

    def effects(
        self, category: Category, severity: Severity, *, points: int, first: bool
    ) -> tuple[Effect, ...]:
        """Everything that follows from a strike: every step reached, not the highest alone.

        Args:
            points: live points of the account, this strike's included.
            first: no strike stands before this one.
        """
        at_once = tuple(rule for rule in self.immediate if _bites(rule, category, severity))
        if not at_once and first and self.first_offence and severity <= self.first_offence.up_to_severity:
            return (self.first_offence,)
        return (*at_once, *(step for step in self.steps if step.points <= points))


def _bites(rule: Immediate, category: Category, severity: Severity) -> bool:
    return rule.category is category and severity >= rule.from_severity


class UnknownLadderError(PolicyError):
    """An event was recorded under a version that is not at hand."""

    def __init__(self, version: str) -> None:
        super().__init__(f"no ladder of version {version!r} is known", code="UNKNOWN_LADDER")
        self.version = version


class Ladders:
    """The ladder in force and every earlier one, by version."""

    def __init__(self, current: Ladder, earlier: Mapping[str, Ladder] | None = None) -> None:
        self.current = current
        self._by_version = {**(earlier or {}), current.version: current}

    def of(self, version: str) -> Ladder:
        """UnknownLadderError where the version is not at hand."""
        try:
            return self._by_version[version]
        except KeyError:
            raise UnknownLadderError(version) from None
