"""A scan as the JSON object that scripts read: the shape is a contract."""

from __future__ import annotations

from services.chassis.signals import AbsentSignal, JsonValue, Signal
from services.media_scanner.scan import MediaScan


def scan_to_json(scan: MediaScan, *, path: str = "") -> dict[str, JsonValue]:
    """Decision, one verdict, every signal and every absent one."""
    ai = scan.ai_generated
    return {
        "id": scan.id,
        "path": path,
        "decision": scan.outcome.decision.name,
        "ai_generated": {"verdict": ai.verdict.label, "p_value": ai.p_value, "by": list(ai.by)},
        "signals": [_signal(signal) for signal in scan.signals],
        "absent": [_absent(signal) for signal in scan.outcome.absent],
        "policy_version": scan.outcome.policy_version,
    }


def _signal(signal: Signal) -> JsonValue:
    return {
        "detector": signal.detector,
        "version": signal.version,
        "verdict": signal.verdict.label if signal.verdict else None,
        "p_value": signal.p_value,
        "p_kind": signal.p_kind.label if signal.p_kind else None,
        "evidence": dict(signal.evidence),
    }


def _absent(signal: AbsentSignal) -> JsonValue:
    return {"detector": signal.detector, "cause": signal.cause.label, "detail": signal.detail}
