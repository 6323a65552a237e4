"""Prompts and verdicts to and from their messages."""

from __future__ import annotations

from typing import TypeVar

from services.chassis import translate
from services.chassis.ids import event_id
from services.chassis.signals import Outcome
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.contracts.vocabulary import Category
from services.prompt_filter.prompt import Prompt, PromptVerdict

SOURCE = "prompt_filter"

_CATEGORIES = tuple(Category)
# Some 10 MB of messages at most.
_REMEMBERED = 10_000

_Judgement = tuple[int, float, int]
_Key = TypeVar("_Key")
_Made = TypeVar("_Made")


def prompt_from_proto(message: pb.Prompt) -> Prompt:
    return Prompt(
        message.id,
        message.text,
        message.negative_text,
        message.account,
        message.generation_id,
        message.has_reference_face,
    )


class VerdictMessages:
    """Writes verdicts into messages.

    Most prompts share their outcome, and many come again: what was translated once is copied. Known
    ones are found by identity, which costs less than comparing; they are kept with their
    messages, so that no other object takes their place.
    """

    def __init__(self) -> None:
        self._outcomes: dict[int, tuple[Outcome, pb.PromptVerdict]] = {}
        self._once: dict[_Judgement, PromptVerdict] = {}
        self._again: dict[_Judgement, tuple[PromptVerdict, pb.PromptVerdict]] = {}

    def write(self, verdict: PromptVerdict, tenant: str, message: pb.PromptVerdict) -> None:
        """Fill an empty message."""
        key = id(verdict.scores), verdict.harm, id(verdict.outcome)
        known = self._again.get(key)
        if known is not None and known[0].model_version == verdict.model_version:
            message.CopyFrom(known[1])
        else:
            self._fill(verdict, message)
            self._note(key, verdict, message)
        message.id = verdict.id
        message.event_id = _event_id(verdict, tenant)

    def _note(self, key: _Judgement, verdict: PromptVerdict, message: pb.PromptVerdict) -> None:
        """Keep a copy of what comes for the second time; of most there is no second time."""
        if self._once.pop(key, None) is None:
            _keep(self._once, key, verdict)
        else:
            copy = pb.PromptVerdict()
            copy.CopyFrom(message)
            _keep(self._again, key, (verdict, copy))

    def _fill(self, verdict: PromptVerdict, message: pb.PromptVerdict) -> None:
        """Everything but the ids."""
        message.CopyFrom(self._outcome(verdict))
        message.harm = verdict.harm
        for score, category in zip(message.scores, _CATEGORIES, strict=True):
            score.value = verdict.scores[category]

    def _outcome(self, verdict: PromptVerdict) -> pb.PromptVerdict:
        """Everything that follows from the outcome, with scores and harm that are still to be filled in."""
        key = id(verdict.outcome)
        known = self._outcomes.get(key)
        if known is not None:
            known[1].model_version = verdict.model_version
            return known[1]
        message = _without_ids(verdict)
        _keep(self._outcomes, key, (verdict.outcome, message))
        return message


def verdict_to_proto(verdict: PromptVerdict, tenant: str) -> pb.PromptVerdict:
    """The verdict as a message of its own."""
    message = _without_ids(verdict)
    message.id = verdict.id
    message.event_id = _event_id(verdict, tenant)
    return message


def _event_id(verdict: PromptVerdict, tenant: str) -> str:
    policy_version = verdict.outcome.policy_version
    return event_id(tenant=tenant, source=SOURCE, item=verdict.id, policy_version=policy_version)


def _keep(made: dict[_Key, _Made], key: _Key, value: _Made) -> None:
    if len(made) >= _REMEMBERED:
        made.clear()
    made[key] = value


def _without_ids(verdict: PromptVerdict) -> pb.PromptVerdict:
    outcome = verdict.outcome
    return pb.PromptVerdict(
        decision=int(outcome.decision),
        scores=translate.scores_to_proto(verdict.scores),
        harm=verdict.harm,
        reasons=[translate.reason_to_proto(reason) for reason in outcome.reasons],
        absent=[translate.absent_to_proto(signal) for signal in outcome.absent],
        policy_version=outcome.policy_version,
        model_version=verdict.model_version,
    )


def decided(
    prompt: Prompt, verdict: pb.PromptVerdict, *, tenant: str, occurred_at: float, request_id: str = ""
) -> pb.PromptDecided:
    """The event that follows from a verdict; it holds no prompt text."""
    return pb.PromptDecided(
        meta=translate.event_meta(
            event_id=verdict.event_id,
            tenant=tenant,
            source=SOURCE,
            occurred_at=occurred_at,
            policy_version=verdict.policy_version,
            request_id=request_id,
        ),
        account=prompt.account,
        generation_id=prompt.generation_id,
        verdict=verdict,
    )


def event_key(prompt: Prompt) -> bytes:
    """What the decision is ordered and joined by."""
    return (prompt.generation_id or prompt.id).encode()
