"""Lanes, window, order and revocation, without Kafka."""

import asyncio
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.clock import ManualClock
from services.chassis.errors import UnavailableError
from services.chassis.streams.event import Event
from services.chassis.streams.stage import DeadLetterLimits, RejectedEventError, RetryableError
from tests.unit.streams.support import Bench, Gate, event, nothing, settle


async def test_completes_in_the_order_of_the_partition_not_of_finishing() -> None:
    gate = Gate()
    bench = Bench(gate)
    for offset in range(3):
        await bench.strategy.submit(event(offset))
    await settle()
    await gate.open(2, 1)
    assert bench.completed == []
    await gate.open(0)
    assert bench.completed == [(0, 0), (0, 1), (0, 2)]


async def test_a_slow_partition_does_not_hold_up_another() -> None:
    gate = Gate()
    bench = Bench(gate)
    await bench.strategy.submit(event(1, partition=0))
    await bench.strategy.submit(event(2, partition=1))
    await settle()
    await gate.open(2)
    assert bench.completed == [(1, 2)]


async def test_events_of_one_key_wait_for_each_other_and_others_do_not() -> None:
    gate = Gate()
    bench = Bench(gate)
    await bench.strategy.submit(event(0, key="a"))
    await bench.strategy.submit(event(1, key="a"))
    await bench.strategy.submit(event(2, key="b"))
    await bench.strategy.submit(event(3))
    await settle()
    assert gate.started == [0, 2, 3]
    await gate.open(0)
    assert gate.started == [0, 2, 3, 1]


async def test_a_lane_goes_on_after_a_dead_letter() -> None:
    seen: list[int] = []

    async def handler(event: Event) -> None:
        if event.offset == 0:
            raise RejectedEventError("no")
        seen.append(event.offset)

    bench = Bench(handler)
    await bench.strategy.submit(event(0, key="a"))
    await bench.strategy.submit(event(1, key="a"))
    await bench.strategy.drain()
    assert seen == [1]
    assert bench.completed == [(0, 0), (0, 1)]


async def test_the_window_holds_back_whoever_submits() -> None:
    gate = Gate()
    bench = Bench(gate, window=4)
    for offset in range(4):
        await bench.strategy.submit(event(offset))
    waiting = asyncio.create_task(bench.strategy.submit(event(4)))
    await settle()
    assert not waiting.done()
    assert bench.strategy.window.size == 4
    await gate.open(0)
    await waiting
    assert bench.strategy.window.size == 4


async def test_an_event_finished_behind_an_unfinished_one_still_counts_as_in_flight() -> None:
    gate = Gate()
    bench = Bench(gate, window=2)
    await bench.strategy.submit(event(0))
    await bench.strategy.submit(event(1))
    await settle()
    await gate.open(1)
    waiting = asyncio.create_task(bench.strategy.submit(event(2)))
    await settle()
    assert not waiting.done()
    await gate.open(0)
    await waiting


async def test_handlers_that_finish_at_once_share_a_task() -> None:
    tasks: set[asyncio.Task[object] | None] = set()

    async def handler(event: Event) -> None:
        tasks.add(asyncio.current_task())

    bench = Bench(handler)
    for offset in range(100):
        await bench.strategy.submit(event(offset))
    await bench.strategy.drain()
    assert len(bench.completed) == 100
    assert len(tasks) == 1


@pytest.mark.parametrize("error", [RetryableError("later"), UnavailableError("down")])
async def test_what_may_pass_is_retried_by_the_tiers(error: Exception) -> None:
    attempts: list[float] = []
    clock = ManualClock(0.0)

    async def handler(event: Event) -> None:
        attempts.append(clock.now())
        if len(attempts) < 3:
            raise error

    bench = Bench(handler, clock=clock, retry_delays_seconds=(0.5, 2.0))
    await bench.strategy.submit(event(0))
    await settle()
    await clock.advance(10)
    assert attempts == [0.0, 0.5, 2.5]
    assert bench.completed == [(0, 0)]
    assert bench.reasons == []
    assert bench.counted("palisade_stage_retries_total", stage="bench.stage") == 2


async def test_revoked_events_finish_in_time_or_are_dropped() -> None:
    gate = Gate()
    bench = Bench(gate)
    for offset in range(3):
        await bench.strategy.submit(event(offset))
    await bench.strategy.submit(event(9, partition=1))
    await settle()
    revoking = asyncio.create_task(bench.strategy.revoke([0], within=5.0))
    await gate.open(0)
    await bench.clock.advance(5)
    await revoking
    assert bench.strategy.window.size == 1
    await gate.open(1, 2, 9)
    assert bench.completed == [(0, 0), (1, 9)]
    assert bench.reasons == []


async def test_revoking_ends_as_soon_as_everything_is_completed() -> None:
    bench = Bench(nothing)
    await bench.strategy.submit(event(0))
    await bench.strategy.revoke([0], within=1e9)
    assert bench.completed == [(0, 0)]


async def test_a_dropped_event_can_be_delivered_again_behind_itself() -> None:
    gate = Gate()
    bench = Bench(gate)
    await bench.strategy.submit(event(0, key="a"))
    await settle()
    revoking = asyncio.create_task(bench.strategy.revoke([0], within=1.0))
    await settle()
    await bench.clock.advance(1)
    await revoking
    await bench.strategy.submit(event(0, key="a"))
    await gate.open(0)
    await bench.strategy.drain()
    assert gate.started == [0, 0]
    assert bench.completed == [(0, 0)]


async def test_terminated_nothing_completes() -> None:
    gate = Gate()
    bench = Bench(gate)
    await bench.strategy.submit(event(0))
    await settle()
    await bench.strategy.terminate()
    await gate.open(0)
    assert bench.completed == []
    assert bench.reasons == []


async def test_drain_waits_for_retries() -> None:
    attempts = 0

    async def handler(event: Event) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise RetryableError("once")

    bench = Bench(handler, retry_delays_seconds=(1.0,))
    await bench.strategy.submit(event(0))
    draining = asyncio.create_task(bench.strategy.drain())
    await settle()
    assert not draining.done()
    await bench.clock.advance(1)
    await draining
    assert bench.completed == [(0, 0)]


async def test_counts_what_it_did() -> None:
    async def handler(event: Event) -> None:
        if event.offset == 0:
            raise RejectedEventError("no", code="MALFORMED")

    bench = Bench(handler)
    for offset in range(3):
        await bench.strategy.submit(event(offset))
    await bench.strategy.drain()
    stage = "bench.stage"
    assert bench.counted("palisade_stage_events_total", stage=stage, outcome="done") == 2
    assert bench.counted("palisade_stage_events_total", stage=stage, outcome="dead_letter") == 1
    assert bench.counted("palisade_dead_letters_total", stage=stage, reason="MALFORMED") == 1
    assert bench.counted("palisade_stage_duration_seconds_count", stage=stage) == 3


@settings(max_examples=60, deadline=None)
@given(
    plan=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["now", "wait", "retry", "dead"])),
        min_size=1,
        max_size=60,
    ),
    window=st.integers(1, 12),
)
def test_whatever_handlers_do_order_and_window_hold(plan: list[tuple[int, str]], window: int) -> None:
    asyncio.run(_run_plan(plan, window))


class PlannedHandler:
    """Does with each event what its value says, and watches over the lanes."""

    def __init__(self, clock: ManualClock) -> None:
        self.first_starts: defaultdict[bytes | None, list[int]] = defaultdict(list)
        self.most_at_once = 0
        self._clock = clock
        self._running: set[bytes | None] = set()
        self._retried: set[int] = set()

    async def __call__(self, event: Event) -> None:
        assert event.key not in self._running, "two events of a key at once"
        self._running.add(event.key)
        self.most_at_once = max(self.most_at_once, len(self._running))
        try:
            await self._behave(event, event.value.decode())
        finally:
            self._running.discard(event.key)

    async def _behave(self, event: Event, what: str) -> None:
        if event.offset not in self.first_starts[event.key]:
            self.first_starts[event.key].append(event.offset)
        if what == "wait":
            await self._clock.sleep(0.5)
        elif what == "retry" and event.offset not in self._retried:
            self._retried.add(event.offset)
            raise RetryableError("once")
        elif what == "dead":
            raise RejectedEventError("no")


async def _run_plan(plan: list[tuple[int, str]], window: int) -> None:
    clock = ManualClock(0.0)
    handler = PlannedHandler(clock)
    bench = Bench(handler, window=window, clock=clock, dead_letter_limits=DeadLetterLimits(1000, 1.0, 1000))

    async def submit_all() -> None:
        for offset, (key, what) in enumerate(plan):
            # As in Kafka, a key is in one partition.
            await bench.strategy.submit(event(offset, key=str(key), partition=key % 3, value=what.encode()))
            assert bench.strategy.window.size <= window

    submitting = asyncio.create_task(submit_all())
    for _ in range(2 * len(plan) + 2):
        await clock.advance(0.6)
    await submitting
    await bench.strategy.drain()
    assert handler.most_at_once <= window
    assert all(starts == sorted(starts) for starts in handler.first_starts.values())
    assert sorted(offset for _, offset in bench.completed) == list(range(len(plan)))
    _assert_completed_in_order(bench)
    assert len(bench.reasons) == sum(what == "dead" for _, what in plan)
    await bench.strategy.terminate()


def _assert_completed_in_order(bench: Bench) -> None:
    for partition in range(3):
        offsets = [offset for completed_in, offset in bench.completed if completed_in == partition]
        assert offsets == sorted(offsets)
