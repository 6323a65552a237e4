"""The six calls over a real server, on both databases."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest

from services.chassis.rpc.api_keys import hash_key, new_key
from services.chassis.rpc.status import REASON
from services.chassis.settings import AuthSettings
from services.contracts.enforcement.v1 import enforcement_pb2 as pb
from services.enforcement.settings import EnforcementSettings
from tests.integration.enforcement.conftest import LadderFile
from tests.integration.enforcement.service import embedded_settings, running, stub_of

if TYPE_CHECKING:
    from services.contracts.enforcement.v1.enforcement_pb2_grpc import EnforcementServiceAsyncStub as Stub

ACCOUNT = "account-1"


def stated(number: int, **changes: object) -> pb.RecordViolationRequest:
    request = pb.RecordViolationRequest(
        event_id=f"event-{number}", account=ACCOUNT, item=f"item-{number}", category=4, severity=3, decision=4
    )
    for field, value in changes.items():
        setattr(request, field, value)
    return request


@pytest.fixture
def settings(database_url: str, ladder_file: LadderFile) -> EnforcementSettings:
    return embedded_settings(database={"url": database_url}, enforcement={"ladder": ladder_file.path})


@pytest.fixture
async def stub(settings: EnforcementSettings) -> AsyncIterator[Stub]:
    async with running(settings) as service, stub_of(service) as made:
        yield made


async def refusal(call: Awaitable[object]) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await call
    trailing = dict(failed.value.trailing_metadata() or ())
    return failed.value.code(), str(trailing.get(REASON, ""))


async def test_an_account_that_keeps_offending_is_refused_appeals_and_is_let_in_again(
    stub: Stub,
) -> None:
    generate = pb.CheckAccessRequest(account=ACCOUNT, feature=1)
    assert (await stub.CheckAccess(generate)).allowed
    first = await stub.RecordViolation(stated(1))
    assert (first.event.sequence, first.standing.level, first.duplicate) == (1, 2, False)
    await stub.RecordViolation(stated(2))
    refused = await stub.CheckAccess(generate)
    assert (refused.allowed, refused.level) == (False, 4)
    assert refused.until.seconds > 0
    assert {reason.rule for reason in refused.reasons} >= {"ladder:suspend"}

    appeal = await stub.FileAppeal(pb.FileAppealRequest(account=ACCOUNT, event_id="event-2", statement="why"))
    resolved = await stub.ResolveAppeal(
        pb.ResolveAppealRequest(
            account=ACCOUNT, appeal_event_id=appeal.event.event_id, outcome=2, moderator="Robin"
        )
    )
    assert (resolved.event.actor, resolved.standing.level) == ("Robin", 2)
    assert (await stub.CheckAccess(generate)).allowed
    standing = (await stub.GetStanding(pb.GetStandingRequest(account=ACCOUNT))).standing
    assert (standing.points, standing.sequence) == (3, 5)
    listed = await stub.ListEvents(pb.ListEventsRequest(account=ACCOUNT, page_size=3))
    rest = await stub.ListEvents(
        pb.ListEventsRequest(account=ACCOUNT, after_sequence=listed.next_after_sequence)
    )
    kinds = [event.kind for event in (*listed.events, *rest.events)]
    assert (kinds, rest.next_after_sequence) == ([1, 1, 2, 4, 5], 0)


async def test_the_same_id_twice_answers_the_first_result(
    stub: Stub,
) -> None:
    first = await stub.RecordViolation(stated(1))
    await stub.RecordViolation(stated(2))
    again = await stub.RecordViolation(stated(1))
    assert again.duplicate
    assert (again.event, again.standing) == (first.event, first.standing)
    assert await refusal(stub.RecordViolation(stated(1, item="another"))) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "EVENT_ID_REUSED",
    )


async def test_what_is_unfit_is_refused_by_name(
    stub: Stub,
) -> None:
    invalid = grpc.StatusCode.INVALID_ARGUMENT
    cases: dict[str, Awaitable[object]] = {
        "MISSING_ACCOUNT": stub.RecordViolation(stated(1, account="")),
        "ITEM_TOO_LONG": stub.RecordViolation(stated(1, item="i" * 201)),
        "UNKNOWN_CATEGORY": stub.RecordViolation(stated(1, category=0)),
        "UNKNOWN_SEVERITY": stub.RecordViolation(stated(1, severity=9)),
        "UNKNOWN_DECISION": stub.RecordViolation(stated(1, decision=0)),
        "UNKNOWN_FEATURE": stub.CheckAccess(pb.CheckAccessRequest(account=ACCOUNT)),
        "INVALID_PAGE_SIZE": stub.ListEvents(pb.ListEventsRequest(account=ACCOUNT, page_size=501)),
        "UNKNOWN_OUTCOME": stub.ResolveAppeal(pb.ResolveAppealRequest(account=ACCOUNT, moderator="Robin")),
        "STATEMENT_TOO_LONG": stub.FileAppeal(
            pb.FileAppealRequest(account=ACCOUNT, event_id="event-1", statement="x" * 5_001)
        ),
    }
    for code, call in cases.items():
        assert await refusal(call) == (invalid, code)
    assert not (await stub.ListEvents(pb.ListEventsRequest(account=ACCOUNT))).events


async def test_an_unknown_violation_is_not_found(
    stub: Stub,
) -> None:
    request = pb.FileAppealRequest(account=ACCOUNT, event_id="nobody's")
    assert await refusal(stub.FileAppeal(request)) == (grpc.StatusCode.NOT_FOUND, "NO_SUCH_VIOLATION")


async def test_a_service_that_restarts_knows_everything_it_knew(settings: EnforcementSettings) -> None:
    async with running(settings) as service, stub_of(service) as stub:
        await stub.RecordViolation(stated(1))
        await stub.RecordViolation(stated(2))
    async with running(settings) as service, stub_of(service) as stub:
        assert not (await stub.CheckAccess(pb.CheckAccessRequest(account=ACCOUNT, feature=1))).allowed
        assert (await stub.RecordViolation(stated(2))).duplicate


async def test_callers_see_their_tenant_alone_and_do_what_their_roles_allow(
    settings: EnforcementSettings, tmp_path: Path
) -> None:
    keys = {(tenant, role): new_key(tenant) for tenant in ("one", "two") for role in ("service", "moderator")}
    entries = [hash_key(key, roles=(role,)).model_dump() for (_, role), key in keys.items()]
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": entries}), encoding="utf-8")
    guarded = settings.model_copy(update={"auth": AuthSettings(mode="api_key", keys_file=file)})
    async with (
        running(guarded) as service,
        stub_of(service, api_key=keys["one", "service"]) as of_one,
        stub_of(service, api_key=keys["one", "moderator"]) as moderator_of_one,
        stub_of(service, api_key=keys["two", "service"]) as of_two,
        stub_of(service, api_key=keys["two", "moderator"]) as moderator_of_two,
        stub_of(service) as nobody,
    ):
        await of_one.RecordViolation(stated(1))
        appeal = (await of_one.FileAppeal(pb.FileAppealRequest(account=ACCOUNT, event_id="event-1"))).event
        ruling = pb.ResolveAppealRequest(
            account=ACCOUNT, appeal_event_id=appeal.event_id, outcome=2, moderator="Robin"
        )
        denied = (grpc.StatusCode.PERMISSION_DENIED, "MISSING_ROLE")
        assert await refusal(moderator_of_one.RecordViolation(stated(2))) == denied
        assert await refusal(of_one.ResolveAppeal(ruling)) == denied
        assert (await refusal(nobody.GetStanding(pb.GetStandingRequest(account=ACCOUNT))))[0] is (
            grpc.StatusCode.UNAUTHENTICATED
        )

        assert not (await of_two.ListEvents(pb.ListEventsRequest(account=ACCOUNT))).events
        assert (await of_two.GetStanding(pb.GetStandingRequest(account=ACCOUNT))).standing.level == 1
        assert (await of_two.CheckAccess(pb.CheckAccessRequest(account=ACCOUNT, feature=1))).level == 1
        missing = grpc.StatusCode.NOT_FOUND
        filed = of_two.FileAppeal(pb.FileAppealRequest(account=ACCOUNT, event_id="event-1"))
        assert (await refusal(filed))[0] is missing
        assert (await refusal(moderator_of_two.ResolveAppeal(ruling)))[0] is missing
        assert not (await of_two.RecordViolation(stated(1, item="another"))).duplicate
        assert (await moderator_of_one.ResolveAppeal(ruling)).standing.level == 1
