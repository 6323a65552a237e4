"""From grounds and the classifier's scores to one decision. Pure: same input, same output."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from services.chassis.signals import AbsentSignal, Outcome, Reason, Scores, Span
from services.contracts.vocabulary import Category, Decision
from services.prompt_filter.classifier_port import Answer
from services.prompt_filter.policy import PromptPolicy
from services.prompt_filter.rules import Ground
from services.prompt_filter.text.language import ENGLISH
from services.prompt_filter.text.mapped import MappedText

_DIGITS = 6
_FLOOR = 1e-6
_ENOUGH_WORDS = 5
_ENOUGH_BESIDE_A_LOOK_ALIKE = 9
_CHARACTERS_A_WORD = 10
# Scores from which a decision may depend on how many of the words are more than figures.
_WORTH_COUNTING = 0.02
_WORD = re.compile(r"\b[^\W\d_]+\b")
# What the classifier has read; how far it is believed of other languages.
_READ = (ENGLISH, "fr")
_READ_OF_OTHERS = 0.4


def weigh(grounds: Sequence[Ground], model: Mapping[Category, float], policy: PromptPolicy) -> Scores:
    """Scores of every category: the classifier's odds times the odds of each rule family that applies.

    Where the classifier does not answer for a category, the policy's base score stands.
    Sexual content with a minor or of a real person is sexual content too.
    """
    prior = {category: model.get(category, policy.base[category]) for category in Category}
    if not grounds:
        return prior
    odds = {category: _odds(value) for category, value in prior.items()}
    families = {(ground.category, ground.rule.split(":", 1)[0]) for ground in grounds}
    for category, family in sorted(families):
        odds[category] *= policy.weight(family).odds
    return {category: round(value / (1.0 + value), _DIGITS) for category, value in odds.items()}


def tempered(
    answer: Answer, text: str, language: str, policy: PromptPolicy, looks_worse: Callable[[str], bool]
) -> Answer:
    """The classifier's answer, drawn towards the base scores where it rests on little.

    A word or two is little evidence, and figures are none. Innocent words that hold a bad one by
    their letters are the commonest mistake of character statistics: beside one it takes more words.
    And the classifier reads English and French.

    Args:
        looks_worse: whether a text has such a word; asked only of texts of a few words.
    """
    words = max(text.count(" ") + 1, len(text) / _CHARACTERS_A_WORD)
    if max((*answer.scores.values(), answer.harm or 0.0)) > _WORTH_COUNTING:
        written = [word.group() for word in islice(_WORD.finditer(text), _ENOUGH_BESIDE_A_LOOK_ALIKE)]
        words = min(words, max(len(written), sum(map(len, written)) / _CHARACTERS_A_WORD))
    few = words < _ENOUGH_BESIDE_A_LOOK_ALIKE and looks_worse(text)
    share = min(words / (_ENOUGH_BESIDE_A_LOOK_ALIKE if few else _ENOUGH_WORDS), 1.0)
    share *= 1.0 if language in _READ else _READ_OF_OTHERS
    if share >= 1.0:
        return answer
    scores = {
        category: _drawn(score, policy.base[category], share) for category, score in answer.scores.items()
    }
    if answer.harm is None:
        return Answer(scores)
    return Answer(scores, _drawn(answer.harm, max(policy.base.values()), share))


def _drawn(score: float, base: float, share: float) -> float:
    """A score of which `share` is left of its distance from the base, in log-odds."""
    return round(_logistic(log_odds(base) + (log_odds(score) - log_odds(base)) * share), _DIGITS)


def decide(
    scores: Scores,
    grounds: Sequence[Ground],
    policy: PromptPolicy,
    *,
    mapped: MappedText,
    absent: Iterable[AbsentSignal] = (),
) -> Outcome:
    """The gravest of what scores and rule families lead to, with every ground that bites.

    A score rests on the whole text, and says so by its span.
    """
    by_score = policy.decide(scores, absent=absent, rule="model")
    whole = Span(0, mapped.original_length)
    by_model = [replace(reason, span=whole) for reason in by_score.reasons]
    if not grounds:
        return replace(by_score, reasons=tuple(by_model)) if by_model else by_score
    biting = {reason.category for reason in by_score.reasons}
    reasons: list[Reason] = []
    decision = by_score.decision
    for ground in grounds:
        least = policy.weight(ground.rule).at_least
        if least > Decision.ALLOW or ground.category in biting:
            decision = max(decision, least)
            reasons.append(_reason(ground, mapped))
    explained = {reason.category for reason in reasons}
    reasons.extend(reason for reason in by_model if reason.category not in explained)
    unique = tuple(dict.fromkeys(sorted(reasons, key=_order)))
    return Outcome(decision, unique, by_score.absent, policy.version)


def blocked(grounds: Iterable[Ground], policy: PromptPolicy) -> bool:
    """Whether rules alone lead to the gravest decision."""
    return any(policy.weight(ground.rule).at_least is Decision.BLOCK for ground in grounds)


def _reason(ground: Ground, mapped: MappedText) -> Reason:
    return Reason(ground.category, ground.severity, ground.rule, mapped.span(ground.start, ground.end))


def _order(reason: Reason) -> tuple[int, int, int, int, str]:
    """The gravest first, then by place; total, so that the order of finding leaves no trace."""
    start, end = (reason.span.start, reason.span.end) if reason.span else (-1, -1)
    return (-reason.severity, reason.category, start, end, reason.rule)


def _odds(probability: float) -> float:
    bounded = min(max(probability, _FLOOR), 1.0 - _FLOOR)
    return bounded / (1.0 - bounded)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))


def log_odds(probability: float) -> float:
    """Natural logarithm of the odds, bounded away from 0 and 1."""
    return math.log(_odds(probability))
