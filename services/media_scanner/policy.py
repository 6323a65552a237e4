"""What a verdict leads to: a versioned policy and a pure function."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.chassis.errors import PolicyError
from services.chassis.signals import AbsentSignal, Outcome, Signal
from services.contracts.vocabulary import Decision, ProvenanceVerdict
from services.media_scanner.verdict import AiGenerated

CONTRADICTED = "contradicted"
"""Evidence key, true where a file's own credentials do not fit the file."""


class ScannerPolicy(BaseModel):
    """Decision per verdict.

    LABEL discloses to viewers. Origin is no harm category, so a decision made here carries no
    harm reasons: its ground is the verdict with the detectors it rests on.

    Attributes:
        family_wise_error: highest family-wise p-value at which a measuring detector may accuse.
        contradicted: lowest decision where credentials do not match the file that carries them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1, max_length=100)
    family_wise_error: float = Field(gt=0, lt=1)
    verdicts: Mapping[ProvenanceVerdict, Decision]
    contradicted: Decision

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: object) -> object:
        """Files write verdicts and decisions by their names."""
        if not isinstance(data, dict):
            return data
        named = dict(data)
        if isinstance(named.get("contradicted"), str):
            named["contradicted"] = Decision[named["contradicted"]]
        if isinstance(named.get("verdicts"), dict):
            named["verdicts"] = {
                ProvenanceVerdict[verdict.upper()]: Decision[decision]
                for verdict, decision in named["verdicts"].items()
            }
        return named

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [verdict.label for verdict in ProvenanceVerdict if verdict not in self.verdicts]
        if missing:
            raise ValueError(f"no decision for {', '.join(missing)}")
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a JSON policy file; PolicyError names the file and the fault."""
        try:
            return cls.model_validate(json.loads(path.read_text(encoding="utf-8")))
        except KeyError as error:
            raise PolicyError(f"policy {path}: unknown word {error}") from error
        except (OSError, ValueError, ValidationError) as error:
            raise PolicyError(f"policy {path}: {error}") from error

    def decide(
        self, ai_generated: AiGenerated, signals: Sequence[Signal], absent: Sequence[AbsentSignal]
    ) -> Outcome:
        """The verdict's decision, raised where a signal found a contradiction."""
        decision = self.verdicts[ai_generated.verdict]
        if any(signal.evidence.get(CONTRADICTED) is True for signal in signals):
            decision = max(decision, self.contradicted)
        return Outcome(decision, (), tuple(absent), self.version)
