"""From what was read of a prompt to its judgement; those in which nothing was found share theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.chassis.signals import AbsentSignal, Outcome, Scores
from services.contracts.vocabulary import Category, Decision
from services.prompt_filter.classifier_port import Answer
from services.prompt_filter.policy import PromptPolicy
from services.prompt_filter.rules import Ground
from services.prompt_filter.text.mapped import MappedText
from services.prompt_filter.weighing import decide, weigh


class Judgement(NamedTuple):
    """What is said of a prompt: see PromptVerdict."""

    scores: Scores
    harm: float
    outcome: Outcome


class Judging:
    """Weighs and decides under one policy. Same findings, same scores: the same judgement."""

    def __init__(self, policy: PromptPolicy, absent: Sequence[AbsentSignal]) -> None:
        self._policy = policy
        self._absent = tuple(absent)
        self._bites_from = [(category, policy.categories[category].bites_from) for category in Category]
        self._base = weigh((), {}, policy)
        self._base_bites = self._any_bites(self._base)
        self._nothing = Outcome(Decision.ALLOW, (), self._absent, policy.version)
        self._unjudged = Judgement(self._base, max(self._base.values()), self._nothing)

    def __call__(self, grounds: Sequence[Ground], answer: Answer, mapped: MappedText) -> Judgement:
        """The judgement on a prompt, from its grounds and the classifier's answer."""
        if answer.harm is not None and answer.harm >= self._policy.harm_from:
            grounds = (*grounds, self._harm(answer, mapped))
        if not (grounds or answer.scores or answer.harm or self._base_bites):
            return self._unjudged
        scores = weigh(grounds, answer.scores, self._policy) if grounds else self._unmoved(answer.scores)
        harm = max(answer.harm or 0.0, *scores.values())
        if not (grounds or self._any_bites(scores)):
            return Judgement(scores, harm, self._nothing)
        outcome = decide(scores, grounds, self._policy, mapped=mapped, absent=self._absent)
        return Judgement(scores, harm, outcome)

    def _harm(self, answer: Answer, mapped: MappedText) -> Ground:
        """Harm of any kind, said of the likeliest category and of the whole text."""
        likeliest = max(answer.scores, key=answer.scores.__getitem__)
        severity = self._policy.categories[likeliest].severity
        return Ground(likeliest, severity, "any-harm:model", 0, len(mapped.text))

    def _unmoved(self, answer: Mapping[Category, float]) -> Scores:
        """What weighing gives without any ground."""
        if not answer:
            return self._base
        return answer if len(answer) == len(self._base) else weigh((), answer, self._policy)

    def _any_bites(self, scores: Scores) -> bool:
        for category, bites_from in self._bites_from:  # noqa: SIM110 - half the time of any()
            if scores[category] >= bites_from:
                return True
        return False
