"""Domain values to and from their protobuf messages. Translates, decides nothing."""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf import json_format, struct_pb2

from services.chassis.errors import InvalidInputError, PalisadeError
from services.chassis.objects.store import ObjectRef
from services.chassis.signals import AbsentSignal, Box, Reason, Scores, Signal, Span
from services.contracts.common.v1 import common_pb2 as pb
from services.contracts.vocabulary import (
    AbsenceCause,
    Category,
    Decision,
    ProvenanceVerdict,
    PValueKind,
    Severity,
)


def scores_to_proto(scores: Scores) -> list[pb.Score]:
    return [pb.Score(category=int(category), value=scores[category]) for category in sorted(scores)]


def scores_from_proto(scores: Iterable[pb.Score]) -> dict[Category, float]:
    """Scores by category; InvalidInputError for an unknown category, a repeated one, or one outside 0..1."""
    result: dict[Category, float] = {}
    for score in scores:
        category = category_from_proto(score.category)
        if category in result:
            raise InvalidInputError(f"category {category.label} is given twice", code="DUPLICATE_CATEGORY")
        if not 0.0 <= score.value <= 1.0:
            raise InvalidInputError(f"score of {category.label} is not in 0..1", code="SCORE_OUT_OF_RANGE")
        result[category] = score.value
    return result


def category_from_proto(value: int) -> Category:
    try:
        return Category(value)
    except ValueError:
        raise InvalidInputError("category is unknown or unset", code="UNKNOWN_CATEGORY") from None


def decision_from_proto(value: int) -> Decision:
    try:
        return Decision(value)
    except ValueError:
        raise InvalidInputError("decision is unknown or unset", code="UNKNOWN_DECISION") from None


def severity_from_proto(value: int) -> Severity:
    try:
        return Severity(value)
    except ValueError:
        raise InvalidInputError("severity is unknown or unset", code="UNKNOWN_SEVERITY") from None


def reason_to_proto(reason: Reason) -> pb.Reason:
    message = pb.Reason(category=int(reason.category), severity=int(reason.severity), rule=reason.rule)
    if reason.span is not None:
        message.span.start, message.span.end = reason.span.start, reason.span.end
    if reason.box is not None:
        box = reason.box
        message.box.CopyFrom(pb.Box(left=box.left, top=box.top, right=box.right, bottom=box.bottom))
    return message


def reason_from_proto(message: pb.Reason) -> Reason:
    span = Span(message.span.start, message.span.end) if message.HasField("span") else None
    box = message.box if message.HasField("box") else None
    return Reason(
        category_from_proto(message.category),
        severity_from_proto(message.severity),
        message.rule,
        span,
        Box(box.left, box.top, box.right, box.bottom) if box else None,
    )


def absent_to_proto(signal: AbsentSignal) -> pb.AbsentSignal:
    return pb.AbsentSignal(detector=signal.detector, cause=int(signal.cause), detail=signal.detail)


def absent_from_proto(message: pb.AbsentSignal) -> AbsentSignal:
    """An unset cause is read as FAILED: that much is certain."""
    known = message.cause in AbsenceCause.__members__.values()
    cause = AbsenceCause(message.cause) if known else AbsenceCause.FAILED
    return AbsentSignal(message.detector, cause, message.detail)


def signal_to_proto(signal: Signal) -> pb.Signal:
    evidence = struct_pb2.Struct()
    evidence.update(dict(signal.evidence))
    return pb.Signal(
        detector=signal.detector,
        version=signal.version,
        scores=scores_to_proto(signal.scores),
        verdict=int(signal.verdict or 0),
        p_value=signal.p_value,
        p_kind=int(signal.p_kind or 0),
        evidence=evidence,
    )


def signal_from_proto(message: pb.Signal) -> Signal:
    return Signal(
        message.detector,
        message.version,
        scores_from_proto(message.scores),
        ProvenanceVerdict(message.verdict) if message.verdict else None,
        message.p_value if message.HasField("p_value") else None,
        PValueKind(message.p_kind) if message.p_kind else None,
        json_format.MessageToDict(message.evidence),
    )


def object_to_proto(reference: ObjectRef) -> pb.ObjectReference:
    return pb.ObjectReference(
        sha256=reference.sha256, size=reference.size, content_type=reference.content_type
    )


def object_from_proto(message: pb.ObjectReference) -> ObjectRef:
    """InvalidInputError where the SHA-256 is not 64 lower-case hex digits."""
    if len(message.sha256) != 64 or not set(message.sha256) <= set("0123456789abcdef"):
        raise InvalidInputError("object.sha256 must be 64 lower-case hex digits", code="BAD_SHA256")
    return ObjectRef(message.sha256, message.size, message.content_type)


def error_to_proto(error: PalisadeError) -> pb.ItemError:
    return pb.ItemError(code=error.code, message=error.message)


def event_meta(
    *,
    event_id: str,
    tenant: str,
    source: str,
    occurred_at: float,
    policy_version: str,
    request_id: str = "",
) -> pb.EventMeta:
    """First part of every event; `occurred_at` in seconds since the epoch."""
    meta = pb.EventMeta(
        event_id=event_id,
        tenant=tenant,
        source=source,
        request_id=request_id,
        policy_version=policy_version,
    )
    meta.occurred_at.FromNanoseconds(round(occurred_at * 1e6) * 1000)
    return meta
