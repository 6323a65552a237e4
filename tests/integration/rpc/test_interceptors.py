"""Each interceptor on a real server, for every kind of call."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import grpc
import pytest

from services.chassis.clock import SystemClock
from services.chassis.errors import ConflictError
from services.chassis.rpc.api_keys import hash_key
from services.chassis.rpc.call import EMBEDDED_TENANT
from services.chassis.settings import AuthSettings
from tests.integration.rpc.echo import KINDS, Echo, running, send

Code = grpc.StatusCode

every_kind = pytest.mark.parametrize("kind", KINDS)


def _failing(error: Exception) -> Echo:
    async def fail() -> None:
        raise error

    return Echo(serve=fail)


@every_kind
async def test_all_kinds_pass_through_with_their_messages(kind: str) -> None:
    async with running() as it:
        answer = await send(it.channel, kind, b"a", b"b", b"c")
    assert (b",".join(answer.responses), answer.code) == (b"a,b,c", Code.OK)
    assert len(answer.responses) == (3 if kind.endswith("_stream") else 1)


async def test_an_unknown_method_is_unimplemented() -> None:
    async with running() as it:
        answer = await send(it.channel, "unary_unary", method="Nothing")
    assert answer.code is Code.UNIMPLEMENTED


# Request id


@every_kind
async def test_the_callers_request_id_is_kept_and_sent_back(kind: str) -> None:
    async with running() as it:
        answer = await send(it.channel, kind, b"a", metadata=(("x-request-id", "req-1"),))
    assert answer.trailing["x-request-id"] == "req-1"
    assert [call.request_id for call in it.echo.calls] == ["req-1"]


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "{json}"])
async def test_an_unusable_request_id_is_replaced(given: str) -> None:
    async with running() as it:
        answer = await send(it.channel, "unary_unary", metadata=(("x-request-id", given),))
    assert answer.trailing["x-request-id"] not in ("", given)
    assert it.echo.calls[0].request_id == answer.trailing["x-request-id"]


async def test_request_ids_made_here_differ() -> None:
    async with running() as it:
        for _ in range(5):
            await send(it.channel, "unary_unary")
    assert len({call.request_id for call in it.echo.calls}) == 5


@every_kind
async def test_a_refused_call_has_its_request_id_too(kind: str) -> None:
    async with running(_failing(ConflictError("no"))) as it:
        answer = await send(it.channel, kind, metadata=(("x-request-id", "req-1"),))
    assert answer.trailing["x-request-id"] == "req-1"


# Deadline


@every_kind
async def test_a_deadline_that_cannot_be_met_is_refused_before_any_work(kind: str) -> None:
    async with running(min_deadline_seconds=60.0) as it:
        answer = await send(it.channel, kind, timeout=20)
        await it.counts(kind, Code.DEADLINE_EXCEEDED, 1)
    assert (answer.code, answer.trailing["palisade-reason"]) == (Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED")
    assert it.echo.calls == []


@every_kind
async def test_the_callers_deadline_is_passed_on(kind: str) -> None:
    before = SystemClock().monotonic()
    async with running() as it:
        await send(it.channel, kind, timeout=500)
    after = SystemClock().monotonic()
    # gRPC sends what is left in whole milliseconds or coarser.
    assert before + 499 <= it.echo.calls[0].deadline <= after + 501


@every_kind
async def test_a_call_without_deadline_gets_the_default_and_ends_with_it(kind: str) -> None:
    forever = Echo(serve=asyncio.Event().wait)  # type: ignore[arg-type]
    async with running(forever, default_deadline_seconds=0.05) as it:
        answer = await send(it.channel, kind, timeout=None)
        await it.counts(kind, Code.DEADLINE_EXCEEDED, 1)
    assert (answer.code, answer.details) == (Code.DEADLINE_EXCEEDED, "the deadline has passed")


async def test_a_callers_deadline_that_passes_cancels_the_handler() -> None:
    cancelled = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async with running(Echo(serve=wait)) as it:
        answer = await send(it.channel, "unary_unary", timeout=0.1)
        await cancelled.wait()
        await asyncio.sleep(0)
        await it.counts("unary_unary", Code.DEADLINE_EXCEEDED, 1)
    assert answer.code is Code.DEADLINE_EXCEEDED


# Authentication


@pytest.fixture(scope="module")
def auth(tmp_path_factory: pytest.TempPathFactory) -> AuthSettings:
    file: Path = tmp_path_factory.mktemp("keys") / "keys.json"
    file.write_text(json.dumps({"keys": [hash_key("acme.key", roles=("moderator",)).model_dump()]}))
    return AuthSettings(keys_file=file)


@every_kind
async def test_a_key_makes_the_caller_its_tenant(kind: str, auth: AuthSettings) -> None:
    async with running(auth=auth) as it:
        answer = await send(it.channel, kind, b"a", metadata=(("authorization", "Bearer acme.key"),))
    assert answer.code is Code.OK
    assert (it.echo.calls[0].tenant, it.echo.calls[0].roles) == ("acme", frozenset({"moderator"}))


@every_kind
@pytest.mark.parametrize("header", [None, "acme.key", "Basic acme.key", "Bearer acme.wrong", "Bearer "])
async def test_without_a_known_key_nothing_is_served(
    kind: str, header: str | None, auth: AuthSettings
) -> None:
    metadata = () if header is None else (("authorization", header),)
    async with running(auth=auth) as it:
        answer = await send(it.channel, kind, metadata=metadata)
        await it.counts(kind, Code.UNAUTHENTICATED, 1)
    assert (answer.code, answer.trailing["palisade-reason"]) == (Code.UNAUTHENTICATED, "UNAUTHENTICATED")
    assert it.echo.calls == []


async def test_where_authentication_is_off_everyone_is_the_embedded_tenant() -> None:
    async with running() as it:
        await send(it.channel, "unary_unary")
    assert (it.echo.calls[0].tenant, it.echo.calls[0].roles) == (EMBEDDED_TENANT, frozenset())


# Concurrency


@every_kind
async def test_the_call_over_the_limit_is_refused_and_told_when_to_come_back(kind: str) -> None:
    go = asyncio.Event()
    held = Echo(serve=go.wait)  # type: ignore[arg-type]
    async with running(held, max_concurrent_calls=2) as it:
        first = [asyncio.create_task(send(it.channel, kind, b"a")) for _ in range(2)]
        await it.echo.begun(2)
        refused = await send(it.channel, kind, b"a")
        go.set()
        answers = await asyncio.gather(*first)
        assert (await send(it.channel, kind, b"a")).code is Code.OK
        await it.counts(kind, Code.RESOURCE_EXHAUSTED, 1)
        await it.counts(kind, Code.OK, 3)
    assert [answer.code for answer in answers] == [Code.OK, Code.OK]
    assert (refused.code, refused.trailing["palisade-reason"]) == (Code.RESOURCE_EXHAUSTED, "OVERLOADED")
    assert refused.trailing["grpc-retry-pushback-ms"] == "500"
    assert b"google.rpc.RetryInfo" in bytes(refused.trailing["grpc-status-details-bin"])  # type: ignore[arg-type]


# Metrics


@every_kind
async def test_calls_are_counted_timed_and_no_longer_in_flight(kind: str) -> None:
    async with running() as it:
        for _ in range(3):
            await send(it.channel, kind, b"a")
    labels = {"method": f"/palisade.test.v1.EchoService/{kind}"}
    sample = it.metrics.registry.get_sample_value
    await it.counts(kind, Code.OK, 3)
    assert sample("palisade_rpc_duration_seconds_count", labels) == 3
    assert sample("palisade_rpc_in_flight", labels) == 0


async def test_a_caller_that_leaves_is_counted_as_cancelled() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with running(Echo(serve=wait)) as it:
        call = asyncio.create_task(send(it.channel, "unary_unary"))
        await begun.wait()
        call.cancel()
        await ended.wait()
        await asyncio.sleep(0)
        await it.counts("unary_unary", Code.CANCELLED, 1)


# Errors


@every_kind
async def test_a_named_error_becomes_its_status_with_a_reason(kind: str) -> None:
    async with running(_failing(ConflictError("recorded otherwise", code="OTHERWISE"))) as it:
        answer = await send(it.channel, kind, b"a")
        await it.counts(kind, Code.FAILED_PRECONDITION, 1)
    assert (answer.code, answer.details) == (Code.FAILED_PRECONDITION, "recorded otherwise")
    assert answer.trailing["palisade-reason"] == "OTHERWISE"


@every_kind
async def test_any_other_error_is_internal_and_says_nothing(kind: str) -> None:
    async with running(_failing(KeyError("sentinel"))) as it:
        answer = await send(it.channel, kind, b"a")
        await it.counts(kind, Code.INTERNAL, 1)
    assert (answer.code, answer.details) == (Code.INTERNAL, "internal error")
    assert "sentinel" not in str(answer)


@every_kind
async def test_a_timeout_inside_is_a_deadline(kind: str) -> None:
    async with running(_failing(TimeoutError())) as it:
        answer = await send(it.channel, kind, b"a")
    assert answer.code is Code.DEADLINE_EXCEEDED


async def test_an_error_after_the_first_response_still_ends_with_its_status() -> None:
    class Breaking(Echo):
        async def stream_stream(self, requests, context):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            async for request in requests:
                yield request
                raise ConflictError("no more")

    async with running(Breaking()) as it:
        answer = await send(it.channel, "stream_stream", b"a", b"b")
    assert (answer.responses, answer.code) == ((b"a",), Code.FAILED_PRECONDITION)


async def test_a_message_over_the_limit_is_refused() -> None:
    async with running(max_message_bytes=2048) as it:
        answer = await send(it.channel, "unary_unary", b"x" * 4096)
    assert answer.code is Code.RESOURCE_EXHAUSTED
    assert it.echo.calls == []
