"""Prompts and verdicts to and from their messages."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import TypeVar

from services.chassis import translate
from services.chassis.ids import event_id
from services.chassis.signals import Outcome
from services.chassis.wire import delimited, tag
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
_FIELDS = attrgetter(*Prompt._fields)
_ID, _EVENT_ID = tag(pb.PromptVerdict, "id"), tag(pb.PromptVerdict, "event_id")
_VERDICT, _RESULT = tag(pb.PromptResult, "verdict"), tag(pb.CheckPromptsResponse, "results")


def prompts_from_proto(messages: Iterable[pb.Prompt]) -> list[Prompt]:
    """The fields of both have the same names."""
    return list(map(Prompt._make, map(_FIELDS, messages)))


class EncodedVerdicts:
    """Verdicts as serialised messages.

    Most prompts share their outcome, and many come again: what was serialised once is kept, and only
    the ids are added, for messages that stand one behind the other are read as one. Known ones are
    found by identity, which costs less than comparing; they are kept with their bytes, so that no
    other object takes their place.
    """

    def __init__(self) -> None:
        self._outcomes: dict[int, tuple[Outcome, pb.PromptVerdict]] = {}
        self._once: dict[_Judgement, PromptVerdict] = {}
        self._again: dict[_Judgement, tuple[PromptVerdict, bytes]] = {}

    def of(self, verdict: PromptVerdict, tenant: str) -> bytes:
        """A PromptVerdict."""
        key = id(verdict.scores), verdict.harm, id(verdict.outcome)
        known = self._again.get(key)
        if known is not None and known[0].model_version == verdict.model_version:
            encoded = known[1]
        else:
            encoded = self._encoded(verdict)
            self._note(key, verdict, encoded)
        event = delimited(_EVENT_ID, _event_id(verdict, tenant).encode())
        return delimited(_ID, verdict.id.encode()) + event + encoded

    def _note(self, key: _Judgement, verdict: PromptVerdict, encoded: bytes) -> None:
        """Keep what comes for the second time; of most there is no second time."""
        if self._once.pop(key, None) is None:
            _keep(self._once, key, verdict)
        else:
            _keep(self._again, key, (verdict, encoded))

    def _encoded(self, verdict: PromptVerdict) -> bytes:
        """Everything but the ids."""
        message = self._outcome(verdict)
        message.harm = verdict.harm
        for score, category in zip(message.scores, _CATEGORIES, strict=True):
            score.value = verdict.scores[category]
        return message.SerializeToString()

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


def results_from(encoded: Iterable[bytes | pb.PromptResult]) -> pb.CheckPromptsResponse:
    """The answer to many prompts: a serialised verdict for each, or a result that says why there is none."""
    results = (
        delimited(_VERDICT, one) if isinstance(one, bytes) else one.SerializeToString() for one in encoded
    )
    return pb.CheckPromptsResponse.FromString(b"".join([delimited(_RESULT, one) for one in results]))


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
