"""Several replicas, each with its own connections, recording the same facts at once."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack

from services.chassis.clock import ManualClock
from services.contracts.vocabulary import AppealOutcome
from services.enforcement.enforcement import Enforcement, Recorded
from services.enforcement.local import open_enforcement
from tests.integration.enforcement.conftest import LadderFile
from tests.unit.enforcement.builders import DAY, NOW, TENANT, violation
from tests.unit.enforcement.model import expected
from tests.unit.enforcement.test_standing_properties import random_violations

_ACCOUNTS = 40


async def test_concurrent_duplicated_reordered_deliveries_stand_as_the_model_says(
    database_url: str, ladder_file: LadderFile
) -> None:
    clock = ManualClock(NOW + 90 * DAY)
    rng = random.Random(20_261)
    facts = {f"account-{number}": random_violations(rng) for number in range(_ACCOUNTS)}
    async with AsyncExitStack() as stack:
        replicas = [
            await stack.enter_async_context(
                open_enforcement(database_url, policy=ladder_file.path, clock=clock, tenant=TENANT)
            )
            for _ in range(2)
        ]
        deliveries = [
            (account, fact) for account, stated in facts.items() for fact in stated for _ in replicas
        ]
        rng.shuffle(deliveries)

        async def deliver(number: int, account: str, index: int) -> Recorded:
            fact = facts[account][index]
            stated = violation(
                1,
                event_id=f"{account}-{fact.event_id}",
                account=account,
                item=fact.item,
                severity=fact.severity,
                decision=fact.decision,
                occurred_at=fact.occurred_at,
            )
            return await replicas[number % len(replicas)].record(stated)

        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(deliver(number, account, facts[account].index(fact)))
                for number, (account, fact) in enumerate(deliveries)
            ]
        assert sum(task.result().duplicate for task in tasks) == len(deliveries) // 2
        for account, stated in facts.items():
            await _ensure_stands(replicas[0], account, len(stated))
            found = await replicas[1].standing(account)
            model = expected(stated, (), clock.now())
            assert (found.level, found.points) == (model.level, model.points), account
            assert {r.kind: r.until for r in found.restrictions} == model.until, account


async def _ensure_stands(replica: Enforcement, account: str, count: int) -> None:
    page = await replica.events(account)
    assert [event.sequence for event in page.events] == list(range(1, count + 1)), account


async def test_replicas_that_resolve_one_appeal_at_once_void_once(
    database_url: str, ladder_file: LadderFile
) -> None:
    clock = ManualClock(NOW)
    async with (
        open_enforcement(database_url, policy=ladder_file.path, clock=clock, tenant=TENANT) as one,
        open_enforcement(database_url, policy=ladder_file.path, clock=clock, tenant=TENANT) as two,
    ):
        await one.record(violation(1))
        appeal = (await one.appeal("account-1", "event-1", "")).event.event_id
        results = await asyncio.gather(
            *(
                replica.resolve("account-1", appeal, AppealOutcome.OVERTURNED, moderator="Robin")
                for replica in (one, two, one, two)
            )
        )
        assert sorted(result.duplicate for result in results) == [False, True, True, True]
        assert len({result.event.event_id for result in results}) == 1
        kinds = [event.kind.label for event in (await two.events("account-1")).events]
        assert kinds == ["violation", "appeal_filed", "appeal_overturned", "void"]


async def test_a_replica_judges_by_a_ladder_it_first_meets_in_the_ledger(
    database_url: str, ladder_file: LadderFile
) -> None:
    clock = ManualClock(NOW)
    newer = ladder_file.version("v2", window_days=60)
    async with (
        open_enforcement(database_url, policy=ladder_file.path, clock=clock, tenant=TENANT) as old,
        open_enforcement(database_url, policy=newer, clock=clock, tenant=TENANT) as new,
    ):
        await new.record(violation(1))
        await old.record(violation(2))
        await clock.advance(45 * DAY)
        for replica in (old, new):
            assert (await replica.standing("account-1")).points == 3
        versions = [event.policy_version for event in (await old.events("account-1")).events]
        assert versions == ["v2", "v1"]
