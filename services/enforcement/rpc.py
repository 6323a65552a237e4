"""The gRPC side. Translates, decides nothing; the named errors become statuses on the way out."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import PermissionDeniedError
from services.chassis.rpc.call import current_call
from services.contracts.enforcement.v1 import enforcement_pb2 as pb
from services.contracts.enforcement.v1 import enforcement_pb2_grpc
from services.enforcement.enforcement import Enforcement
from services.enforcement.translate import (
    access_to_proto,
    event_to_proto,
    feature_from_proto,
    outcome_from_proto,
    standing_to_proto,
    violation_from_proto,
)

SERVICE_NAME = "palisade.enforcement.v1.EnforcementService"
MODERATOR = "moderator"
SERVICE = "service"


class EnforcementServicer(enforcement_pb2_grpc.EnforcementServiceServicer):
    """The six calls, each for the tenant of the current call and no other."""

    def __init__(self, enforcement: Enforcement, *, check_roles: bool) -> None:
        """Take `check_roles` as true wherever callers authenticate."""
        self._enforcement = enforcement
        self._check_roles = check_roles

    async def CheckAccess(self, request: pb.CheckAccessRequest, _context: Any) -> pb.CheckAccessResponse:
        feature = feature_from_proto(request.feature)
        return access_to_proto(await self._tenant().check_access(request.account, feature))

    async def GetStanding(self, request: pb.GetStandingRequest, _context: Any) -> pb.GetStandingResponse:
        standing = await self._tenant().standing(request.account)
        return pb.GetStandingResponse(standing=standing_to_proto(standing))

    async def RecordViolation(
        self, request: pb.RecordViolationRequest, _context: Any
    ) -> pb.RecordViolationResponse:
        self._require(SERVICE)
        recorded = await self._tenant().record(violation_from_proto(request))
        return pb.RecordViolationResponse(
            event=event_to_proto(recorded.event),
            standing=standing_to_proto(recorded.standing),
            duplicate=recorded.duplicate,
        )

    async def ListEvents(self, request: pb.ListEventsRequest, _context: Any) -> pb.ListEventsResponse:
        page = await self._tenant().events(
            request.account, after_sequence=request.after_sequence, page_size=request.page_size
        )
        return pb.ListEventsResponse(
            events=[event_to_proto(event) for event in page.events],
            next_after_sequence=page.next_after_sequence,
        )

    async def FileAppeal(self, request: pb.FileAppealRequest, _context: Any) -> pb.FileAppealResponse:
        filed = await self._tenant().appeal(request.account, request.event_id, request.statement)
        return pb.FileAppealResponse(event=event_to_proto(filed.event))

    async def ResolveAppeal(
        self, request: pb.ResolveAppealRequest, _context: Any
    ) -> pb.ResolveAppealResponse:
        self._require(MODERATOR)
        resolved = await self._tenant().resolve(
            request.account,
            request.appeal_event_id,
            outcome_from_proto(request.outcome),
            moderator=request.moderator,
            statement=request.statement,
        )
        return pb.ResolveAppealResponse(
            event=event_to_proto(resolved.event), standing=standing_to_proto(resolved.standing)
        )

    def _tenant(self) -> Enforcement:
        return self._enforcement.of(current_call().tenant)

    def _require(self, role: str) -> None:
        if self._check_roles and role not in current_call().roles:
            raise PermissionDeniedError(f"this call needs the role {role}", code="MISSING_ROLE")
