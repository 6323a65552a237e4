"""Domain values to and from this service's messages. Translates, decides nothing."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis.errors import InvalidInputError
from services.chassis.translate import (
    category_from_proto,
    decision_from_proto,
    event_meta,
    reason_to_proto,
    severity_from_proto,
)
from services.contracts.enforcement.v1 import enforcement_pb2 as pb
from services.contracts.vocabulary import AppealOutcome, Feature
from services.enforcement.access import Access
from services.enforcement.events import AccountEvent, AccountKey, Violation
from services.enforcement.ledger import Entry
from services.enforcement.standing import Restriction, Standing

SOURCE = "enforcement"


def violation_from_proto(message: pb.RecordViolationRequest) -> Violation:
    return Violation(
        event_id=message.event_id,
        account=message.account,
        item=message.item,
        category=category_from_proto(message.category),
        severity=severity_from_proto(message.severity),
        decision=decision_from_proto(message.decision),
        occurred_at=moment(message.occurred_at) if message.HasField("occurred_at") else None,
    )


def feature_from_proto(value: int) -> Feature:
    try:
        return Feature(value)
    except ValueError:
        raise InvalidInputError("feature is unknown or unset", code="UNKNOWN_FEATURE") from None


def outcome_from_proto(value: int) -> AppealOutcome:
    try:
        return AppealOutcome(value)
    except ValueError:
        raise InvalidInputError("outcome is unknown or unset", code="UNKNOWN_OUTCOME") from None


def event_to_proto(event: AccountEvent) -> pb.AccountEvent:
    return pb.AccountEvent(
        event_id=event.event_id,
        account=event.account,
        sequence=event.sequence,
        kind=int(event.kind),
        item=event.item,
        category=int(event.category or 0),
        severity=int(event.severity or 0),
        decision=int(event.decision or 0),
        policy_version=event.policy_version,
        occurred_at=timestamp(event.occurred_at),
        recorded_at=timestamp(event.recorded_at),
        refers_to=event.refers_to,
        actor=event.actor,
        statement=event.statement,
    )


def standing_to_proto(standing: Standing) -> pb.Standing:
    return pb.Standing(
        account=standing.account,
        level=int(standing.level),
        restrictions=[_restriction_to_proto(restriction) for restriction in standing.restrictions],
        reasons=[reason_to_proto(reason) for reason in standing.reasons],
        points=standing.points,
        policy_version=standing.policy_version,
        sequence=standing.sequence,
    )


def access_to_proto(access: Access) -> pb.CheckAccessResponse:
    """An unset level says that the standing could not be learnt."""
    return pb.CheckAccessResponse(
        allowed=access.allowed,
        level=int(access.level or 0),
        reasons=[reason_to_proto(reason) for reason in access.reasons],
        until=None if access.until is None else timestamp(access.until),
    )


def announcement(key: AccountKey, entry: Entry) -> bytes:
    """The EnforcementEvent for the topic, as it is kept in the outbox. Free text stays in the ledger."""
    event = event_to_proto(entry.event)
    event.ClearField("statement")
    meta = event_meta(
        event_id=entry.event.event_id,
        tenant=key.tenant,
        source=SOURCE,
        occurred_at=entry.event.occurred_at,
        policy_version=entry.event.policy_version,
    )
    message = pb.EnforcementEvent(meta=meta, event=event, standing=standing_to_proto(entry.standing))
    return message.SerializeToString(deterministic=True)


def timestamp(seconds: float) -> Timestamp:
    message = Timestamp()
    message.FromMicroseconds(round(seconds * 1_000_000))
    return message


def moment(message: Timestamp) -> float:
    """Seconds since the epoch."""
    return message.seconds + message.nanos / 1e9


def _restriction_to_proto(restriction: Restriction) -> pb.Restriction:
    until = None if restriction.until is None else timestamp(restriction.until)
    return pb.Restriction(kind=int(restriction.kind), until=until, event_id=restriction.event_id)
