"""Violations, histories and a ladder whose figures a reader can follow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.chassis.clock import ManualClock
from services.contracts.vocabulary import Category, Decision, EventKind, Severity
from services.enforcement.adapters.memory import MemoryLedger
from services.enforcement.enforcement import Enforcement, build_enforcement
from services.enforcement.events import AccountEvent, Violation
from services.enforcement.history import History
from services.enforcement.known_ladders import KnownLadders
from services.enforcement.ladder import Ladder, Ladders
from services.enforcement.ledger import Ledger
from services.enforcement.translate import announcement

NOW = 1_700_000_000.0
DAY = 86_400.0
TENANT = "a-platform"
ACCOUNT = "account-1"

POINTS = {"low": 1, "medium": 2, "high": 3, "critical": 5}


def ladder_document(version: str = "v1", **changes: Any) -> dict[str, Any]:
    """A ladder as JSON gives it: one point a step of severity, suspended for a day at 6 points."""
    return {
        "version": version,
        "strikes_on": ["block"],
        "window_days": 30,
        "points": {category.label: POINTS for category in Category},
        "steps": [
            {"name": "warn", "points": 1, "level": "warned", "days": 10},
            {"name": "limit", "points": 4, "level": "limited", "restrictions": ["generation"], "days": 2},
            {"name": "suspend", "points": 6, "level": "suspended", "restrictions": ["all"], "days": 1},
        ],
        **changes,
    }


def ladder(version: str = "v1", **changes: Any) -> Ladder:
    return Ladder.from_document(ladder_document(version, **changes))


def violation(number: int = 1, **changes: Any) -> Violation:
    """Violation `number`, on an item of its own."""
    values: dict[str, Any] = {
        "event_id": f"event-{number}",
        "account": ACCOUNT,
        "item": f"item-{number}",
        "category": Category.VIOLENCE,
        "severity": Severity.HIGH,
        "decision": Decision.BLOCK,
        "occurred_at": NOW,
        **changes,
    }
    return Violation(**values)


def recorded(number: int = 1, **changes: Any) -> AccountEvent:
    """Violation `number` as the account's event of that sequence."""
    values: dict[str, Any] = {
        "event_id": f"event-{number}",
        "account": ACCOUNT,
        "sequence": number,
        "kind": EventKind.VIOLATION,
        "policy_version": "v1",
        "occurred_at": NOW,
        "recorded_at": NOW,
        "actor": "joint_scorer",
        "item": f"item-{number}",
        "category": Category.VIOLENCE,
        "severity": Severity.HIGH,
        "decision": Decision.BLOCK,
        **changes,
    }
    return AccountEvent(**values)


def void_of(event: AccountEvent, sequence: int, **changes: Any) -> AccountEvent:
    return recorded(
        sequence,
        event_id=f"void-{event.event_id}",
        kind=EventKind.VOID,
        item=event.item,
        category=event.category,
        severity=None,
        decision=None,
        refers_to=event.event_id,
        **changes,
    )


def history(*events: AccountEvent) -> History:
    return History(events)


def ladders(*earlier: Ladder, current: Ladder | None = None) -> Ladders:
    return Ladders(current or ladder(), {known.version: known for known in earlier})


async def enforcement_on(
    ledger: Ledger, clock: ManualClock, *, current: Ladder | None = None, **options: Any
) -> Enforcement:
    known = KnownLadders(current or ladder(), ledger)
    await known.register()
    return build_enforcement(ledger, known, tenant=TENANT, clock=clock, **options)


async def enforcement_in_memory(clock: ManualClock, **options: Any) -> Enforcement:
    return await enforcement_on(MemoryLedger(announcement), clock, **options)


async def record_all(enforcement: Enforcement, violations: Iterable[Violation]) -> None:
    for stated in violations:
        await enforcement.record(stated)
