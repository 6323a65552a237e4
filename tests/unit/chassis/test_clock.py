"""The clock of the tests must itself be right."""

from __future__ import annotations

import asyncio

from services.chassis.clock import ManualClock, SystemClock


async def test_sleepers_wake_in_the_order_of_their_moments() -> None:
    clock = ManualClock(now=100.0)
    woken: list[tuple[str, float]] = []

    async def sleep(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.now()))

    tasks = [asyncio.create_task(sleep(name, seconds)) for name, seconds in [("b", 2), ("a", 1), ("c", 5)]]
    await asyncio.sleep(0)
    await clock.advance(3)
    assert woken == [("a", 101.0), ("b", 102.0)]
    await clock.advance(2)
    assert woken[-1] == ("c", 105.0)
    await asyncio.gather(*tasks)


async def test_a_sleeper_that_sleeps_again_on_the_way_is_woken_again() -> None:
    clock = ManualClock(now=0.0)
    ticks: list[float] = []

    async def tick() -> None:
        while True:
            await clock.sleep(1)
            ticks.append(clock.monotonic())

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    await clock.advance(3)
    ticking.cancel()
    assert ticks == [1.0, 2.0, 3.0]


async def test_a_cancelled_sleeper_is_passed_over() -> None:
    clock = ManualClock()
    sleeping = asyncio.create_task(clock.sleep(1))
    await asyncio.sleep(0)
    sleeping.cancel()
    await clock.advance(2)
    assert sleeping.cancelled()


async def test_no_time_is_no_wait() -> None:
    await ManualClock().sleep(0)


async def test_the_system_clock_does_not_go_back() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0)
    assert clock.monotonic() >= before
