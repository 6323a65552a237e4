"""A drain answers every call that was accepted."""

from __future__ import annotations

import asyncio

import grpc
import pytest

from tests.integration.rpc.echo import KINDS, Answer, Echo, running, send


@pytest.mark.parametrize("kind", KINDS)
async def test_accepted_calls_are_answered_and_new_ones_refused(kind: str) -> None:
    go = asyncio.Event()
    held = Echo(serve=go.wait)  # type: ignore[arg-type]
    async with running(held) as it:
        accepted = [asyncio.create_task(send(it.channel, kind, b"%d" % number)) for number in range(20)]
        await held.begun(20)
        await it.server.not_ready()
        draining = asyncio.create_task(it.server.drain())
        await asyncio.sleep(0.05)
        late = await send(it.channel, kind, b"late", timeout=2)
        assert not draining.done()
        go.set()
        answers = await asyncio.gather(*accepted)
        await draining
    assert late.code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
    assert [b"".join(answer.responses) for answer in answers] == [b"%d" % number for number in range(20)]
    assert len(held.calls) == 20


async def test_under_load_whatever_a_handler_began_is_answered() -> None:
    """Callers keep calling while the server drains; whoever was not answered was never served."""

    async def work() -> None:
        await asyncio.sleep(0.002)

    echo = Echo(serve=work)
    async with running(echo) as it:

        async def caller(name: int) -> list[tuple[str, Answer]]:
            answers = []
            for number in range(10_000):
                request_id = f"{name}-{number}"
                answer = await send(it.channel, "unary_unary", b"x", metadata=(("x-request-id", request_id),))
                answers.append((request_id, answer))
                if answer.code is not grpc.StatusCode.OK:
                    break
            return answers

        callers = [asyncio.create_task(caller(name)) for name in range(16)]
        await echo.begun(100)
        await it.server.not_ready()
        await it.server.drain()
        results = [pair for answers in await asyncio.gather(*callers) for pair in answers]
    served = [call.request_id for call in echo.calls]
    answered = {request_id for request_id, answer in results if answer.code is grpc.StatusCode.OK}
    assert len(served) == len(set(served)) >= 100
    assert set(served) == answered


async def test_what_outlives_the_drain_is_cancelled_by_the_stop() -> None:
    forever = Echo(serve=asyncio.Event().wait)  # type: ignore[arg-type]
    async with running(forever) as it:
        call = asyncio.create_task(send(it.channel, "unary_unary"))
        await forever.begun(1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await it.server.drain()
        async with asyncio.timeout(5):
            await it.server.stop()
        assert (await call).code is not grpc.StatusCode.OK
