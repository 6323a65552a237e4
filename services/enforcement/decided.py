"""What other services decided of an item, and whether it is a violation."""

from __future__ import annotations

from dataclasses import dataclass

from services.chassis.errors import InvalidInputError
from services.chassis.signals import Reason
from services.contracts.vocabulary import Decision
from services.enforcement.events import Violation
from services.enforcement.ladder import Ladder

_ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision on an item, as it came by stream. `account` is empty where nobody is known."""

    event_id: str
    source: str
    account: str
    item: str
    decision: Decision
    reasons: tuple[Reason, ...]
    occurred_at: float


def violation_in(decided: Decided, ladder: Ladder) -> Violation | None:
    """The violation that the decision states, by its gravest ground; None where it states none.

    A decision that strikes nobody, or that names no account, is none. A category that was blocked
    only because a detector was absent is no evidence against anybody: it fails closed for the
    item, never for the account. InvalidInputError (MISSING_REASON) where a decision that would
    strike gives no ground at all.
    """
    if not decided.account or decided.decision not in ladder.strikes_on:
        return None
    if not decided.reasons:
        raise InvalidInputError("a decision that strikes must give its ground", code="MISSING_REASON")
    grounds = [reason for reason in decided.reasons if reason.rule.split(":", 1)[0] != _ABSENT]
    if not grounds:
        return None
    gravest = max(grounds, key=lambda ground: (_points(ground, decided, ladder), ground.severity))
    return Violation(
        event_id=decided.event_id,
        account=decided.account,
        item=decided.item,
        category=gravest.category,
        severity=gravest.severity,
        decision=decided.decision,
        occurred_at=decided.occurred_at,
        actor=decided.source,
        restated=True,
    )


def _points(ground: Reason, decided: Decided, ladder: Ladder) -> int:
    return ladder.weigh(ground.category, ground.severity, decided.decision)
