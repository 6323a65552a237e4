"""What the account commands take and answer, as JSON objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.chassis.errors import InvalidInputError
from services.cli.fields import Fields
from services.cli.job import Answer
from services.cli.shapes import reasons
from services.contracts.vocabulary import AppealOutcome
from services.enforcement.events import AccountEvent, Violation
from services.enforcement.lines import iso, line_from_event, line_from_standing, violation_from_line
from services.enforcement.standing import Standing


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal to be filed against the violation of that id."""

    account: str
    violation: str
    statement: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A named person's decision of the appeal of that id."""

    account: str
    appeal: str
    outcome: AppealOutcome
    moderator: str
    statement: str


def violation(item: str, fields: Fields) -> Violation:
    """`{"id", "account", "item", "category", "severity", "decision", "occurred_at"}`; the id is the
    event's, so that the same line again is the same fact."""
    return violation_from_line({**fields.values, "id": item})


def unnamed_violation(_item: str, fields: Fields) -> Violation:
    """As `violation`, but the event's id is derived from what is stated."""
    return replace(violation(_item, fields), event_id="")


def account(_item: str, fields: Fields) -> str:
    """`{"id", "account"}`."""
    return fields.text("account")


def appeal(_item: str, fields: Fields) -> Appeal:
    """`{"id", "account", "violation", "statement"}`."""
    return Appeal(fields.text("account"), fields.text("violation"), fields.text("statement", default=""))


def ruling(_item: str, fields: Fields) -> Ruling:
    """`{"id", "account", "appeal", "outcome", "moderator", "statement"}`."""
    outcome = AppealOutcome.__members__.get(fields.text("outcome").upper())
    if outcome is None:
        known = ", ".join(word.label for word in AppealOutcome)
        raise InvalidInputError(f"outcome must be one of {known}", code="UNKNOWN_OUTCOME")
    return Ruling(
        fields.text("account"),
        fields.text("appeal"),
        outcome,
        fields.text("moderator"),
        fields.text("statement", default=""),
    )


def standing_answer(standing: Standing) -> Answer:
    """`{"account", "standing", "restrictions", "reasons"}`."""
    return {**line_from_standing(standing), "reasons": reasons(standing.reasons)}


def events_answer(account: str, events: Sequence[AccountEvent]) -> Answer:
    """`{"account", "events"}`, the oldest first."""
    return {"account": account, "events": [line_from_event(event) for event in events]}


def filed_answer(event: AccountEvent) -> Answer:
    """`{"account", "appeal", "violation", "recorded_at"}`; `appeal` is what it is resolved by."""
    return {
        "account": event.account,
        "appeal": event.event_id,
        "violation": event.refers_to,
        "recorded_at": iso(event.recorded_at),
    }


def resolved_answer(ruling: Ruling, standing: Standing) -> Answer:
    """`{"account", "appeal", "outcome", "standing", "restrictions", "reasons"}`."""
    return {"appeal": ruling.appeal, "outcome": ruling.outcome.label, **standing_answer(standing)}
