"""The versioned policy: thresholds and fail mode per category, and the pure decision."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from services.chassis.errors import PolicyError
from services.chassis.signals import AbsentSignal, Outcome, Reason, Scores
from services.contracts.vocabulary import Category, Decision, Severity, Word

_NEVER = 1.01


def _named(words: type[Word]) -> BeforeValidator:
    """Policy files write categories, severities and decisions by their names."""

    def parse(value: object) -> object:
        known = isinstance(value, str) and value.upper() in words.__members__
        return words[str(value).upper()] if known else value

    return BeforeValidator(parse)


NamedCategory = Annotated[Category, _named(Category)]
NamedDecision = Annotated[Decision, _named(Decision)]
NamedSeverity = Annotated[Severity, _named(Severity)]


class CategoryPolicy(BaseModel):
    """Lowest scores that lead to each decision, and what an unanswered category means.

    A threshold above 1 never bites. `when_absent` is the fail mode: BLOCK fails closed,
    ALLOW fails open, and a decision made so names what was absent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: float = Field(default=_NEVER, ge=0)
    review: float = Field(default=_NEVER, ge=0)
    block: float = Field(default=_NEVER, ge=0)
    severity: NamedSeverity = Severity.MEDIUM
    when_absent: NamedDecision = Decision.ALLOW

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        steps = [step for step in (self.label, self.review, self.block) if step < _NEVER]
        if steps != sorted(steps):
            raise ValueError("thresholds must rise from label over review to block")
        return self

    @property
    def bites_from(self) -> float:
        """The lowest score that leads to more than ALLOW."""
        return min(self.label, self.review, self.block)

    def decide(self, score: float) -> Decision:
        """The gravest decision whose threshold the score reaches."""
        if score >= self.block:
            return Decision.BLOCK
        if score >= self.review:
            return Decision.REVIEW
        return Decision.LABEL if score >= self.label else Decision.ALLOW


class Policy(BaseModel):
    """What a service decides by. Same signals, same policy: the same outcome, always."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1, max_length=100)
    categories: Mapping[NamedCategory, CategoryPolicy]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [category.label for category in Category if category not in self.categories]
        if missing:
            raise ValueError(f"no rule for {', '.join(missing)}")
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a JSON policy file; PolicyError names the file and the fault."""
        try:
            return cls.model_validate(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, ValidationError) as error:
            raise PolicyError(f"policy {path}: {error}") from error

    def decide(
        self,
        scores: Scores,
        *,
        grounds: Iterable[Reason] = (),
        absent: Iterable[AbsentSignal] = (),
        unanswered: Iterable[Category] = (),
        rule: str = "score",
    ) -> Outcome:
        """Decide by the gravest category.

        Args:
            scores: calibrated score per judged category.
            grounds: evidence found; those of categories that bite become the reasons.
            absent: detectors that could not answer, recorded as they are.
            unanswered: categories no detector answered for; their fail mode applies.
            rule: id for the reason of a category that bites without any ground.
        """
        verdicts = {category: self.categories[category].decide(score) for category, score in scores.items()}
        for category in unanswered:
            verdicts.setdefault(category, self.categories[category].when_absent)
        decision = max(verdicts.values(), default=Decision.ALLOW)
        if decision is Decision.ALLOW:
            return Outcome(decision, (), tuple(absent), self.version)
        biting = {category for category, verdict in verdicts.items() if verdict > Decision.ALLOW}
        reasons = [ground for ground in grounds if ground.category in biting]
        explained = {reason.category for reason in reasons}
        for category in sorted(biting - explained):
            cause = rule if category in scores else "absent"
            reasons.append(Reason(category, self.categories[category].severity, f"{cause}:{category.label}"))
        return Outcome(decision, tuple(reasons), tuple(absent), self.version)
