"""Append-only facts about an account, and the violation that a service states."""

from __future__ import annotations

from dataclasses import dataclass

from services.contracts.vocabulary import Category, Decision, EventKind, Severity

SERVICE_ACTOR = "service"
"""Who stated a violation that names nobody: an automated caller."""


@dataclass(frozen=True, slots=True)
class AccountKey:
    """An account of a tenant; the unit of ordering, of locking and of isolation."""

    tenant: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A violation as it is stated, before it is recorded.

    Attributes:
        occurred_at: seconds since the epoch; None: when it is recorded.
        event_id: deterministic id of the fact; empty: derived from the other fields.
        actor: the service or the person who states it.
        restated: the source delivers at least once and may give the same fact another time;
            `occurred_at` is then no part of what makes a duplicate.
    """

    account: str
    item: str
    category: Category
    severity: Severity
    decision: Decision
    occurred_at: float | None = None
    event_id: str = ""
    actor: str = SERVICE_ACTOR
    restated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent:
    """A recorded fact. Never changed and never deleted.

    Attributes:
        sequence: place among the account's events, from 1 without gaps.
        policy_version: of the ladder it was recorded under, and is judged by for good.
        occurred_at, recorded_at: seconds since the epoch, to the microsecond.
        refers_to: a void's or an appeal's violation; an outcome's appeal.
        item, category: a void carries its violation's, which it clears.
    """

    event_id: str
    account: str
    sequence: int
    kind: EventKind
    policy_version: str
    occurred_at: float
    recorded_at: float
    actor: str
    item: str = ""
    category: Category | None = None
    severity: Severity | None = None
    decision: Decision | None = None
    refers_to: str = ""
    statement: str = ""


def to_the_microsecond(seconds: float) -> float:
    """The moment as it is stored, so that what is compared is what was written."""
    return round(seconds * 1_000_000) / 1_000_000
