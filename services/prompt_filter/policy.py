"""The prompt filter's policy: thresholds per category, and what each family of rules leads to."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.policy import NamedCategory, NamedDecision, Policy
from services.contracts.vocabulary import Decision


class RuleWeight(BaseModel):
    """How a rule moves the score of its category, and the least decision it leads to.

    `odds` multiplies the odds of the category's score; a family's weight counts once per
    prompt, however often its rules apply.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    odds: float = Field(default=1.0, gt=0)
    at_least: NamedDecision = Decision.ALLOW


class PromptPolicy(Policy):
    """Rule families, such as `term-explicit` or `minor-and-sexual`, with their weights."""

    rules: Mapping[str, RuleWeight]
    # The probability of harm of any kind from which the family `any-harm` applies.
    harm_from: float = Field(default=2.0, gt=0)
    # Score of a category before anything was found, where no classifier answers.
    base: Mapping[NamedCategory, float]

    def weight(self, rule: str) -> RuleWeight:
        """Weight of the family `rule` belongs to; a family the policy does not name weighs nothing."""
        return self.rules.get(rule.split(":", 1)[0], _NOTHING)


_NOTHING = RuleWeight()
