"""Events to and from their rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from services.contracts.vocabulary import Category, Decision, EventKind, Severity
from services.enforcement.events import AccountEvent

Columns = dict[str, Any]

_TEXTS = ("event_id", "account", "sequence", "item", "policy_version", "refers_to", "actor", "statement")


def microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)


def seconds(microseconds: int) -> float:
    return microseconds / 1_000_000


def event_to_row(tenant: str, event: AccountEvent) -> Columns:
    """The columns of `events`."""
    return {
        **{name: getattr(event, name) for name in _TEXTS},
        "tenant": tenant,
        "kind": int(event.kind),
        "category": event.category and int(event.category),
        "severity": event.severity and int(event.severity),
        "decision": event.decision and int(event.decision),
        "occurred_at": microseconds(event.occurred_at),
        "recorded_at": microseconds(event.recorded_at),
    }


def event_from_row(row: Row[Any]) -> AccountEvent:
    return AccountEvent(
        event_id=row.event_id,
        account=row.account,
        sequence=row.sequence,
        kind=EventKind(row.kind),
        item=row.item,
        category=Category(row.category) if row.category else None,
        severity=Severity(row.severity) if row.severity else None,
        decision=Decision(row.decision) if row.decision else None,
        policy_version=row.policy_version,
        occurred_at=seconds(row.occurred_at),
        recorded_at=seconds(row.recorded_at),
        refers_to=row.refers_to,
        actor=row.actor,
        statement=row.statement,
    )
