"""What every store of pending halves does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from services.joint_scorer.adapters.memory import MemoryPendingHalves
from services.joint_scorer.adapters.sql import SqlPendingHalves
from services.joint_scorer.joining import Generation, GenerationKey, arrive, expire, stated
from services.joint_scorer.ports import PendingHalves
from tests.unit.joint_scorer.evidence import POLICY, half, image, prompt

Stores = AsyncIterator[PendingHalves]


@pytest.fixture(params=["memory", "sql"])
async def halves(request: pytest.FixtureRequest, database_url: str) -> Stores:
    if request.param == "memory":
        yield MemoryPendingHalves()
        return
    store = SqlPendingHalves.at(database_url)
    await store.start()
    yield store
    await store.stop()


def waiting(name: str = "g1", at: float = 0.0) -> Generation:
    return arrive(None, replace(prompt(half(sexual=0.4), at=at), generation_id=name), POLICY)


def decided(name: str, at: float) -> Generation:
    return expire(waiting(name), at, POLICY)


async def test_what_was_put_is_got(halves: PendingHalves) -> None:
    generation = waiting()
    assert await halves.get(generation.key) is None
    assert await halves.put(generation)
    assert await halves.get(generation.key) == replace(generation, version=1)
    assert await halves.get(GenerationKey("other", "g1")) is None


async def test_only_the_first_writer_of_a_version_succeeds(halves: PendingHalves) -> None:
    generation = waiting()
    assert await halves.put(generation)
    assert not await halves.put(generation)
    known = await halves.get(generation.key)
    assert known is not None
    assert await halves.put(arrive(known, image(half(sexual=0.1)), POLICY))
    assert not await halves.put(known)
    final = await halves.get(generation.key)
    assert final is not None
    assert final.verdict is not None
    assert final.version == 2


async def test_of_many_writers_one_wins(halves: PendingHalves) -> None:
    generation = waiting()
    assert sum(await asyncio.gather(*(halves.put(generation) for _ in range(8)))) == 1


async def test_the_longest_waiting_are_found_first_and_decided_ones_never(halves: PendingHalves) -> None:
    for name, at in (("late", 20.0), ("early", 0.0), ("middle", 10.0)):
        await halves.put(waiting(name, at))
    await halves.put(decided("done", 500.0))
    due = POLICY.timeout_seconds + 10.0
    assert [each.item for each in await halves.waiting(due_by=due, limit=9)] == ["early", "middle"]
    assert [each.item for each in await halves.waiting(due_by=due, limit=1)] == ["early"]


async def test_unstated_verdicts_are_found_and_stated_ones_forgotten(halves: PendingHalves) -> None:
    await halves.put(decided("old", 500.0))
    await halves.put(stated(decided("told", 500.0)))
    await halves.put(decided("new", 900.0))
    await halves.put(waiting("waits"))
    assert [each.item for each in await halves.unstated(decided_by=600.0, limit=9)] == ["old"]
    assert await halves.forget(decided_by=600.0) == 1
    assert await halves.get(GenerationKey("t", "told")) is None
    assert await halves.get(GenerationKey("t", "old")) is not None
    assert await halves.get(GenerationKey("t", "waits")) is not None


async def test_a_database_keeps_halves_beyond_the_process(database_url: str) -> None:
    generation = waiting()
    for _ in range(2):
        store = SqlPendingHalves.at(database_url)
        await store.start()
        if known := await store.get(generation.key):
            assert known.prompt == generation.prompt
            await store.stop()
            return
        assert await store.put(generation)
        await store.stop()
    pytest.fail("the half was lost")
