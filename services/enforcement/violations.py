"""The rule for recording: a fact is recorded once, under one id."""

from __future__ import annotations

import json

from services.chassis.errors import ConflictError
from services.chassis.ids import event_id
from services.contracts.vocabulary import EventKind
from services.enforcement.events import AccountEvent, Violation, to_the_microsecond
from services.enforcement.history import History

_SOURCE = "enforcement.violation"


def violation_id(tenant: str, violation: Violation) -> str:
    """The id the caller gave, or one derived from all that was stated.

    The ladder's version is no part of it: stating the same fact after a change of policy
    is no second offence.
    """
    if violation.event_id:
        return violation.event_id
    stated = [
        violation.account,
        violation.item,
        violation.category.label,
        violation.severity.label,
        violation.decision.label,
        violation.occurred_at,
    ]
    return event_id(tenant=tenant, source=_SOURCE, item=json.dumps(stated), policy_version="")


def record_violation(
    history: History, violation: Violation, *, event_id: str, policy_version: str, now: float
) -> tuple[AccountEvent, ...]:
    """The event to append; none where it is recorded already.

    Raises ConflictError (EVENT_ID_REUSED) where the id stands for something else.
    """
    known = history.find(event_id)
    if known is not None:
        _ensure_same(known, violation)
        return ()
    recorded_at = recording_time(history, now)
    return (
        AccountEvent(
            event_id=event_id,
            account=violation.account,
            sequence=history.sequence + 1,
            kind=EventKind.VIOLATION,
            policy_version=policy_version,
            occurred_at=recorded_at if violation.occurred_at is None else violation.occurred_at,
            recorded_at=recorded_at,
            actor=violation.actor,
            item=violation.item,
            category=violation.category,
            severity=violation.severity,
            decision=violation.decision,
        ),
    )


def recording_time(history: History, now: float) -> float:
    """Never before the event that precedes it, however the clocks of two replicas differ."""
    return max(to_the_microsecond(now), history.recorded_at)


def event_id_reused(event_id: str) -> ConflictError:
    return ConflictError(f"event id {event_id!r} is recorded with other content", code="EVENT_ID_REUSED")


def _ensure_same(known: AccountEvent, violation: Violation) -> None:
    same_fact = known.kind is EventKind.VIOLATION and (
        (known.item, known.category, known.severity, known.decision)
        == (violation.item, violation.category, violation.severity, violation.decision)
    )
    unstated = violation.restated or violation.occurred_at is None
    if not same_fact or not (unstated or known.occurred_at == violation.occurred_at):
        raise event_id_reused(known.event_id)
