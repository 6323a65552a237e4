"""Accounts asked of a server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from services.chassis.translate import reason_from_proto
from services.cli.accounts import OpenAccounts
from services.cli.options import ServerOptions
from services.cli.remote import Connection, answered, connect
from services.contracts.enforcement.v1 import enforcement_pb2 as pb
from services.contracts.enforcement.v1 import enforcement_pb2_grpc as pb_grpc
from services.contracts.vocabulary import (
    AppealOutcome,
    Category,
    Decision,
    EventKind,
    RestrictionKind,
    Severity,
    StandingLevel,
)
from services.enforcement.enforcement import Recorded
from services.enforcement.events import AccountEvent, Violation
from services.enforcement.standing import Restriction, Standing
from services.enforcement.translate import moment, timestamp


class RemoteAccounts:
    """The accounts of the tenant that the API key stands for."""

    def __init__(self, connection: Connection) -> None:
        self._stub = pb_grpc.EnforcementServiceStub(connection.channel)
        self._timeout = connection.timeout

    async def record(self, violation: Violation) -> Recorded:
        request = pb.RecordViolationRequest(
            event_id=violation.event_id,
            account=violation.account,
            item=violation.item,
            category=int(violation.category),
            severity=int(violation.severity),
            decision=int(violation.decision),
            occurred_at=None if violation.occurred_at is None else timestamp(violation.occurred_at),
        )
        response = await answered(self._stub.RecordViolation(request, timeout=self._timeout))
        return Recorded(_event(response.event), _standing(response.standing), response.duplicate)

    async def standing(self, account: str) -> Standing:
        request = pb.GetStandingRequest(account=account)
        response = await answered(self._stub.GetStanding(request, timeout=self._timeout))
        return _standing(response.standing)

    async def events(self, account: str) -> Sequence[AccountEvent]:
        events: list[AccountEvent] = []
        after, more = 0, True
        while more:
            request = pb.ListEventsRequest(account=account, after_sequence=after)
            response = await answered(self._stub.ListEvents(request, timeout=self._timeout))
            events += [_event(event) for event in response.events]
            after = response.next_after_sequence
            more = after > 0
        return events

    async def appeal(self, account: str, violation: str, statement: str) -> AccountEvent:
        request = pb.FileAppealRequest(account=account, event_id=violation, statement=statement)
        response = await answered(self._stub.FileAppeal(request, timeout=self._timeout))
        return _event(response.event)

    async def resolve(
        self, account: str, appeal: str, outcome: AppealOutcome, *, moderator: str, statement: str
    ) -> Recorded:
        request = pb.ResolveAppealRequest(
            account=account,
            appeal_event_id=appeal,
            outcome=int(outcome),
            moderator=moderator,
            statement=statement,
        )
        response = await answered(self._stub.ResolveAppeal(request, timeout=self._timeout))
        return Recorded(_event(response.event), _standing(response.standing))


@contextmanager
def remote_accounts(server: ServerOptions) -> Iterator[OpenAccounts]:
    """The accounts behind a server."""
    with connect(server) as connection:
        yield OpenAccounts(connection.runner, RemoteAccounts(connection))


def _standing(message: pb.Standing) -> Standing:
    return Standing(
        account=message.account,
        level=StandingLevel(message.level),
        restrictions=tuple(_restriction(restriction) for restriction in message.restrictions),
        reasons=tuple(reason_from_proto(reason) for reason in message.reasons),
        points=message.points,
        policy_version=message.policy_version,
        sequence=message.sequence,
    )


def _restriction(message: pb.Restriction) -> Restriction:
    until = moment(message.until) if message.HasField("until") else None
    return Restriction(RestrictionKind(message.kind), until, message.event_id)


def _event(message: pb.AccountEvent) -> AccountEvent:
    return AccountEvent(
        event_id=message.event_id,
        account=message.account,
        sequence=message.sequence,
        kind=EventKind(message.kind),
        policy_version=message.policy_version,
        occurred_at=moment(message.occurred_at),
        recorded_at=moment(message.recorded_at),
        actor=message.actor,
        item=message.item,
        category=Category(message.category) if message.category else None,
        severity=Severity(message.severity) if message.severity else None,
        decision=Decision(message.decision) if message.decision else None,
        refers_to=message.refers_to,
        statement=message.statement,
    )
