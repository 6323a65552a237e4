"""A generation as one JSON text, and back."""

from __future__ import annotations

import json
from typing import Any

from services.chassis.signals import AbsentSignal, Box, Outcome, Reason, Span
from services.contracts.vocabulary import AbsenceCause, Category, Decision, Severity
from services.joint_scorer.combine import JointVerdict
from services.joint_scorer.half import Half
from services.joint_scorer.joining import Generation, GenerationKey

Record = dict[str, Any]


def to_text(generation: Generation) -> str:
    """Everything but the key and the version, which have columns of their own."""
    record = {
        "item": generation.item,
        "alone": generation.alone,
        "due": generation.due,
        "account": generation.account,
        "request_id": generation.request_id,
        "prompt": _half(generation.prompt),
        "image": _half(generation.image),
        "verdict": _verdict(generation.verdict),
        "decided_at": generation.decided_at,
        "revision": generation.revision,
        "stated": generation.stated,
    }
    return json.dumps(record, separators=(",", ":"))


def from_text(key: GenerationKey, version: int, text: str) -> Generation:
    """The inverse of `to_text`."""
    record: Record = json.loads(text)
    prompt, image = _read_half(record.pop("prompt")), _read_half(record.pop("image"))
    verdict = _read_verdict(record.pop("verdict"))
    return Generation(key, version=version, prompt=prompt, image=image, verdict=verdict, **record)


def _half(half: Half | None) -> Record | None:
    if half is None:
        return None
    return {
        "scores": _scores(half.scores),
        "decision": half.decision,
        "reasons": [_reason(reason) for reason in half.reasons],
        "absent": [_absent(signal) for signal in half.absent],
    }


def _read_half(record: Record | None) -> Half | None:
    if record is None:
        return None
    decision = record["decision"]
    return Half(
        _read_scores(record["scores"]),
        None if decision is None else Decision(decision),
        tuple(_read_reason(each) for each in record["reasons"]),
        tuple(_read_absent(each) for each in record["absent"]),
    )


def _verdict(verdict: JointVerdict | None) -> Record | None:
    if verdict is None:
        return None
    outcome = verdict.outcome
    return {
        "scores": _scores(verdict.scores),
        "decision": outcome.decision,
        "reasons": [_reason(reason) for reason in outcome.reasons],
        "absent": [_absent(signal) for signal in outcome.absent],
        "policy_version": outcome.policy_version,
    }


def _read_verdict(record: Record | None) -> JointVerdict | None:
    if record is None:
        return None
    outcome = Outcome(
        Decision(record["decision"]),
        tuple(_read_reason(each) for each in record["reasons"]),
        tuple(_read_absent(each) for each in record["absent"]),
        record["policy_version"],
    )
    return JointVerdict(outcome, _read_scores(record["scores"]))


def _scores(scores: Any) -> dict[int, float]:
    return {int(category): score for category, score in scores.items()}


def _read_scores(record: Record) -> dict[Category, float]:
    return {Category(int(category)): score for category, score in record.items()}


def _reason(reason: Reason) -> list[Any]:
    span = reason.span and [reason.span.start, reason.span.end]
    box = reason.box and [reason.box.left, reason.box.top, reason.box.right, reason.box.bottom]
    return [reason.category, reason.severity, reason.rule, span, box]


def _read_reason(record: list[Any]) -> Reason:
    category, severity, rule, span, box = record
    return Reason(
        Category(category),
        Severity(severity),
        rule,
        Span(*span) if span else None,
        Box(*box) if box else None,
    )


def _absent(signal: AbsentSignal) -> list[Any]:
    return [signal.detector, signal.cause, signal.detail]


def _read_absent(record: list[Any]) -> AbsentSignal:
    detector, cause, detail = record
    return AbsentSignal(detector, AbsenceCause(cause), detail)
