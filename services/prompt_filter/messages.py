"""Prompts and verdicts to and from their messages."""

from __future__ import annotations

from services.chassis import translate
from services.chassis.ids import event_id
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.prompt_filter.prompt import Prompt, PromptVerdict

SOURCE = "prompt_filter"


def prompt_from_proto(message: pb.Prompt) -> Prompt:
    return Prompt(
        message.id,
        message.text,
        message.negative_text,
        message.account,
        message.generation_id,
        message.has_reference_face,
    )


def verdict_to_proto(verdict: PromptVerdict, tenant: str) -> pb.PromptVerdict:
    outcome = verdict.outcome
    return pb.PromptVerdict(
        id=verdict.id,
        decision=int(outcome.decision),
        scores=translate.scores_to_proto(verdict.scores),
        reasons=[translate.reason_to_proto(reason) for reason in outcome.reasons],
        absent=[translate.absent_to_proto(signal) for signal in outcome.absent],
        policy_version=outcome.policy_version,
        model_version=verdict.model_version,
        event_id=event_id(
            tenant=tenant, source=SOURCE, item=verdict.id, policy_version=outcome.policy_version
        ),
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
