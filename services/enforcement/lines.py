"""Violations and their results as JSON lines give them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

from services.chassis.errors import InvalidInputError
from services.chassis.signals import JsonValue, Reason
from services.contracts.vocabulary import Category, Decision, Severity, Word
from services.enforcement.enforcement import Recorded
from services.enforcement.events import AccountEvent, Violation
from services.enforcement.standing import Restriction, Standing

W = TypeVar("W", bound=Word)
Line = dict[str, JsonValue]

_FIELDS = frozenset({"id", "account", "item", "category", "severity", "decision", "occurred_at"})


def violation_from_line(line: Mapping[str, object]) -> Violation:
    """`{"id", "account", "item", "category", "severity", "decision", "occurred_at"}` as a violation.

    Words in either case; `occurred_at` as ISO 8601 (UTC where it names no zone) or seconds since the
    epoch, absent: now. InvalidInputError names the field that is unfit or unknown.
    """
    unknown = sorted(set(line) - _FIELDS)
    if unknown:
        raise InvalidInputError(f"unknown fields: {', '.join(unknown)}", code="UNKNOWN_FIELD")
    return Violation(
        event_id=_text(line, "id"),
        account=_text(line, "account"),
        item=_text(line, "item"),
        category=_word(Category, line, "category"),
        severity=_word(Severity, line, "severity"),
        decision=_word(Decision, line, "decision"),
        occurred_at=_moment(line.get("occurred_at")),
    )


def line_from_recorded(recorded: Recorded) -> Line:
    """`{"id", "account", "standing", "restrictions", "reasons"}`."""
    return {"id": recorded.event.event_id, **line_from_standing(recorded.standing)}


def line_from_standing(standing: Standing) -> Line:
    """`{"account", "standing", "restrictions", "reasons"}`."""
    return {
        "account": standing.account,
        "standing": standing.level.label,
        "restrictions": [_restriction(restriction) for restriction in standing.restrictions],
        "reasons": [_reason(reason) for reason in standing.reasons],
    }


def line_from_event(event: AccountEvent) -> Line:
    """All of an event; what does not apply to its kind is null or empty."""
    return {
        "id": event.event_id,
        "account": event.account,
        "sequence": event.sequence,
        "kind": event.kind.label,
        "item": event.item,
        "category": event.category.label if event.category else None,
        "severity": event.severity.label if event.severity else None,
        "decision": event.decision.name if event.decision else None,
        "policy_version": event.policy_version,
        "occurred_at": iso(event.occurred_at),
        "recorded_at": iso(event.recorded_at),
        "refers_to": event.refers_to,
        "actor": event.actor,
        "statement": event.statement,
    }


def iso(seconds: float) -> str:
    """ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _restriction(restriction: Restriction) -> Line:
    until = None if restriction.until is None else iso(restriction.until)
    return {"kind": restriction.kind.label, "until": until, "event_id": restriction.event_id}


def _reason(reason: Reason) -> Line:
    return {"category": reason.category.label, "severity": reason.severity.label, "rule": reason.rule}


def _text(line: Mapping[str, object], field: str) -> str:
    value = line.get(field)
    if not isinstance(value, str) or not value:
        raise InvalidInputError(f"{field} must be a text that is not empty", code=f"INVALID_{field.upper()}")
    return value


def _word(words: type[W], line: Mapping[str, object], field: str) -> W:
    value = line.get(field)
    if not isinstance(value, str) or value.upper() not in words.__members__:
        known = ", ".join(word.label for word in words)
        raise InvalidInputError(f"{field} must be one of {known}", code=f"UNKNOWN_{field.upper()}")
    return words[value.upper()]


def _moment(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise InvalidInputError(
            "occurred_at must be ISO 8601 or seconds since the epoch", code="INVALID_OCCURRED_AT"
        )
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
