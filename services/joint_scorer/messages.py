"""The joint scorer's values from and to protobuf messages. Translates, decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from services.chassis.errors import InvalidInputError
from services.chassis.ids import event_id
from services.chassis.translate import (
    absent_from_proto,
    absent_to_proto,
    decision_from_proto,
    event_meta,
    reason_from_proto,
    reason_to_proto,
    scores_from_proto,
    scores_to_proto,
)
from services.contracts.common.v1 import common_pb2
from services.contracts.image_classifier.v1 import image_classifier_pb2 as image_pb
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb
from services.joint_scorer.combine import JointVerdict
from services.joint_scorer.half import Channel, Half
from services.joint_scorer.joining import Arrival, Generation

SOURCE = "joint_scorer"


def half_from_request(scores: pb.ModalityScores) -> Half:
    """InvalidInputError for unknown categories or decisions, and scores outside 0..1."""
    return _half(scores.scores, scores.decision, (), scores.absent)


def prompt_arrival(event: prompt_pb.PromptDecided, at: float) -> Arrival:
    """InvalidInputError as `half_from_request`, and without a tenant or an id."""
    return _arrival(event, Channel.PROMPT, at)


def image_arrival(event: image_pb.ImageClassified, at: float) -> Arrival:
    """As `prompt_arrival`."""
    return _arrival(event, Channel.IMAGE, at)


def _arrival(
    event: prompt_pb.PromptDecided | image_pb.ImageClassified, channel: Channel, at: float
) -> Arrival:
    verdict = event.verdict
    if not event.meta.tenant or not (event.generation_id or verdict.id):
        raise InvalidInputError(
            "the event names no tenant, or neither generation nor item", code="MISSING_ID"
        )
    return Arrival(
        event.meta.tenant,
        channel,
        verdict.id,
        _half(verdict.scores, verdict.decision, verdict.reasons, verdict.absent),
        at,
        event.generation_id,
        event.account,
        event.meta.request_id,
    )


def _half(
    scores: Sequence[common_pb2.Score],
    decision: int,
    reasons: Sequence[common_pb2.Reason],
    absent: Sequence[common_pb2.AbsentSignal],
) -> Half:
    return Half(
        scores_from_proto(scores),
        decision_from_proto(decision) if decision else None,
        tuple(reason_from_proto(each) for each in reasons),
        tuple(absent_from_proto(each) for each in absent),
    )


def decided_from(generation: Generation) -> pb.JointDecided:
    """The event that states a generation's latest verdict; the same however often it is built.

    A verdict that supersedes an earlier one is another fact and has another id.
    """
    if generation.verdict is None:
        raise ValueError("the generation is not decided")
    suffix = f"#{generation.revision}" if generation.revision > 1 else ""
    return decided(
        generation.verdict,
        tenant=generation.key.tenant,
        name=generation.key.name + suffix,
        item=generation.item,
        at=generation.decided_at,
        account=generation.account,
        generation_id="" if generation.alone else generation.item,
        request_id=generation.request_id,
    )


def decided(
    verdict: JointVerdict,
    *,
    tenant: str,
    name: str,
    item: str,
    at: float,
    account: str,
    generation_id: str,
    request_id: str,
) -> pb.JointDecided:
    """The event that states a verdict; `name` makes its id, `at` in seconds since the epoch."""
    outcome = verdict.outcome
    version = outcome.policy_version
    identity = event_id(tenant=tenant, source=SOURCE, item=name, policy_version=version)
    meta = event_meta(
        event_id=identity,
        tenant=tenant,
        source=SOURCE,
        occurred_at=at,
        policy_version=version,
        request_id=request_id,
    )
    message = pb.JointVerdict(
        id=item,
        decision=int(outcome.decision),
        scores=scores_to_proto(verdict.scores),
        reasons=[reason_to_proto(reason) for reason in outcome.reasons],
        absent=[absent_to_proto(signal) for signal in outcome.absent],
        policy_version=version,
        event_id=identity,
    )
    return pb.JointDecided(meta=meta, account=account, generation_id=generation_id, verdict=message)


def record_key(event: pb.JointDecided) -> bytes:
    """Events of one account keep their order; without one, those of a generation."""
    return (event.account or event.generation_id or event.verdict.id).encode()
