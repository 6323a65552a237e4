"""SIGTERM under load: what was accepted is answered, what was taken is finished, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Final

import grpc
import pytest

from services.chassis.ids import event_id
from services.chassis.rpc.call import EMBEDDED_TENANT
from services.chassis.streams import topics
from services.chassis.translate import event_meta
from services.contracts.common.v1 import common_pb2
from services.contracts.enforcement.v1 import enforcement_pb2
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as joint_pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb
from services.contracts.prompt_filter.v1.prompt_filter_pb2_grpc import PromptFilterServiceStub
from services.demo.system import LocalSystem
from tests.integration.system import groups
from tests.integration.system.clients import TIMEOUT_SECONDS, Clients
from tests.integration.system.items import queued_prompts
from tests.integration.system.prompts import benign
from tests.integration.system.tap import Tap
from tests.integration.system.waiting import eventually

if TYPE_CHECKING:  # this name exists in the stubs alone
    from services.contracts.prompt_filter.v1.prompt_filter_pb2_grpc import PromptFilterServiceAsyncStub

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

CALLERS: Final = 8
ANSWERED_BEFORE: Final = 100
RECORDS: Final = 100
PROMPTS_A_RECORD: Final = 5
ACCOUNTS: Final = 60
ANNOUNCED_BEFORE: Final = 10
# gRPC's core says CANCELLED of a call that reached the process but no handler before the drain.
REFUSED: Final = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
_OCCURRED_AT = 1_700_000_000.0


class Callers:
    """Ask without pause and without retries, until the server takes no more calls."""

    def __init__(self, stub: PromptFilterServiceAsyncStub) -> None:
        self._stub = stub
        self._numbers = count()
        self.answered: set[str] = set()

    async def run(self) -> None:
        await asyncio.gather(*(self._call_until_refused() for _ in range(CALLERS)))

    async def _call_until_refused(self) -> None:
        for number in self._numbers:
            item = f"called-{number}"
            request = prompt_pb.CheckPromptRequest(prompt=benign(item))
            try:
                answer = await self._stub.CheckPrompt(request, timeout=TIMEOUT_SECONDS)
            except grpc.aio.AioRpcError as error:
                if error.code() not in REFUSED:
                    raise
                return
            assert answer.verdict.id == item
            self.answered.add(item)


def prompts_decided(tap: Tap, prefix: str) -> list[str]:
    decided = tap.messages(
        topics.PROMPT_DECISIONS,
        prompt_pb.PromptDecided,
        lambda each: each.verdict.id.startswith(prefix),
    )
    return [each.verdict.id for each in decided]


async def test_prompt_filter_ends_in_order_under_load(system: LocalSystem, tap: Tap) -> None:
    queued = {f"queued-{number}" for number in range(RECORDS * PROMPTS_A_RECORD)}
    process = system.processes["prompt_filter"]
    # No retries: a call that was accepted and not answered must not be mended by another one.
    async with grpc.aio.insecure_channel(process.address, options=[("grpc.enable_retries", 0)]) as channel:
        callers = Callers(PromptFilterServiceStub(channel))
        calling = asyncio.create_task(callers.run())
        await eventually(lambda: _at_least(callers.answered, ANSWERED_BEFORE), what="answers")
        batches = _batches(sorted(queued))
        await asyncio.gather(
            *(tap.write(topics.PROMPT_REQUESTS, batch, key=batch.meta.event_id) for batch in batches)
        )
        assert await process.stop() == 0
        await calling

    await tap.read_to_end(topics.PROMPT_DECISIONS)
    called = prompts_decided(tap, "called-")
    assert len(called) == len(set(called))
    assert set(called) == callers.answered, "decided is what was answered, and nothing else"

    await process.start()
    await process.serving()
    await tap.caught_up(groups.BACKFILL, topics.PROMPT_REQUESTS)
    await tap.read_to_end(topics.PROMPT_DECISIONS)
    assert set(prompts_decided(tap, "queued-")) == queued

    await tap.caught_up(groups.PROMPT_HALVES, topics.PROMPT_DECISIONS)
    await tap.read_to_end(topics.JOINT_DECISIONS)
    joint = tap.messages(topics.JOINT_DECISIONS, joint_pb.JointDecided, lambda _: True)
    assert callers.answered | queued <= {each.verdict.id for each in joint}


async def test_enforcement_ends_in_order_under_load(system: LocalSystem, clients: Clients, tap: Tap) -> None:
    accounts = {f"terminated-{number}" for number in range(ACCOUNTS)}
    await asyncio.gather(
        *(tap.write(topics.JOINT_DECISIONS, _blocked(account), key=account) for account in accounts)
    )
    await tap.records(
        topics.ENFORCEMENT_EVENTS, lambda record: b":terminated-" in record.key, count=ANNOUNCED_BEFORE
    )
    process = system.processes["enforcement"]
    assert await process.stop() == 0
    await process.start()
    await process.serving()
    await tap.caught_up(groups.JOINT_DECISIONS, topics.JOINT_DECISIONS)

    events = {account: await clients.events(account) for account in accounts}
    assert {account for account, known in events.items() if len(known) == 1} == accounts
    recorded = {known[0].event_id for known in events.values()}

    async def announced() -> bool:
        told = tap.messages(
            topics.ENFORCEMENT_EVENTS,
            enforcement_pb2.EnforcementEvent,
            lambda each: each.event.account in accounts,
        )
        return {each.event.event_id for each in told} == recorded

    await eventually(announced, what="the announcement of every event")


async def _at_least(answered: set[str], wanted: int) -> bool:
    return len(answered) >= wanted


def _batches(items: list[str]) -> Iterator[prompt_pb.PromptsQueued]:
    for start in range(0, len(items), PROMPTS_A_RECORD):
        prompts = [benign(item) for item in items[start : start + PROMPTS_A_RECORD]]
        yield queued_prompts(f"termination-{start}", prompts)


def _blocked(account: str) -> joint_pb.JointDecided:
    """A joint decision that strikes the account."""
    identity = event_id(tenant=EMBEDDED_TENANT, source="joint_scorer", item=account, policy_version="test")
    meta = event_meta(
        event_id=identity,
        tenant=EMBEDDED_TENANT,
        source="joint_scorer",
        occurred_at=_OCCURRED_AT,
        policy_version="test",
    )
    reason = common_pb2.Reason(
        category=common_pb2.CATEGORY_VIOLENCE, severity=common_pb2.SEVERITY_MEDIUM, rule="joint:violence"
    )
    verdict = joint_pb.JointVerdict(
        id=account, decision=common_pb2.DECISION_BLOCK, reasons=[reason], event_id=identity
    )
    return joint_pb.JointDecided(meta=meta, account=account, generation_id=account, verdict=verdict)
