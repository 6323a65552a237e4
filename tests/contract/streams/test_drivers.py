"""What both drivers promise, on the embedded broker and on Apache Kafka."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.chassis.clock import SystemClock
from services.chassis.errors import NotFoundError
from services.chassis.streams.event import Event
from services.chassis.streams.failures import StageStoppedError
from services.chassis.streams.replay import REPLAY_OF, list_dead_letters, replay
from services.chassis.streams.stage import DeadLetterLimits, Driver, RejectedEventError, RetryableError
from tests.contract.streams.support import PATIENCE_SECONDS, STAGE, Recorder, World, world
from tests.harness.broker import Broker


@pytest.fixture(params=list(Driver))
def driver(request: pytest.FixtureRequest) -> Driver:
    """Every test once on each driver."""
    chosen: Driver = request.param
    return chosen


@pytest.fixture
async def here(broker: Broker, topic_name: str, driver: Driver) -> AsyncIterator[World]:
    """A world to test in."""
    async with world(broker, topic_name, driver) as there:
        yield there


def numbered(count: int, prefix: str = "") -> list[bytes]:
    """Distinct values."""
    return [f"{prefix}{number}".encode() for number in range(count)]


async def test_every_event_is_handled_in_its_keys_order_and_committed(here: World) -> None:
    recorder = Recorder()
    for key in "abcdef":
        await here.publish(numbered(20, key), key=key.encode())
    wanted = {value for key in "abcdef" for value in numbered(20, key)}
    async with here.running(here.worker(recorder)) as worker:
        await recorder.wait_for(wanted)
        await worker.drain()
    assert len(recorder.seen) == len(wanted)
    for key in "abcdef":
        assert [value for value in recorder.values if value.decode()[0] == key] == numbered(20, key)
    assert sum((await here.committed()).values()) == len(wanted)


async def test_an_event_arrives_as_it_was_written(here: World) -> None:
    recorder = Recorder()
    await here.publish([b"value"], key=b"key")
    await here.publish([b"without key"], key=None)
    async with here.running(here.worker(recorder)):
        await recorder.wait_for({b"value", b"without key"})
    by_value = {event.value: event for event in recorder.seen}
    event = by_value[b"value"]
    assert (event.topic, event.key, event.offset) == (here.topic, b"key", 0)
    assert event.headers == {"trace": b"value"}
    assert event.timestamp > 1_600_000_000
    assert by_value[b"without key"].key is None


async def test_nothing_is_committed_past_an_event_in_flight(here: World) -> None:
    values = numbered(10)
    first = Recorder(held=[b"3"])
    for number, value in enumerate(values):
        # One partition, lanes of their own: all but the held one finish.
        await here.publish([value], key=_key_of_one_partition(number))
    async with here.running(here.worker(first)):
        await first.wait_for(set(values) - {b"3"})
        await asyncio.wait_for(_until_committed(here, 3), PATIENCE_SECONDS)
    assert sum((await here.committed()).values()) == 3
    second = Recorder()
    async with here.running(here.worker(second)) as worker:
        await second.wait_for(set(values[3:]))
        await worker.drain()
    assert set(second.values) == set(values[3:])
    assert sum((await here.committed()).values()) == 10


async def test_drain_finishes_what_was_begun_and_takes_nothing_new(here: World) -> None:
    recorder = Recorder(held=[b"begun"])
    await here.publish([b"begun"])
    async with here.running(here.worker(recorder)) as worker:
        await recorder.wait_for({b"begun"}, started=True)
        draining = asyncio.create_task(worker.drain())
        await here.publish([b"new"], key=b"other")
        assert not draining.done()
        recorder.release()
        await draining
    assert recorder.values == [b"begun"]
    assert sum((await here.committed()).values()) == 1


async def test_poison_goes_to_the_dead_letters_and_the_rest_goes_on(here: World) -> None:
    recorder = Recorder()

    async def handler(event: Event) -> None:
        if event.value == b"poison":
            raise RejectedEventError("cannot be read", code="MALFORMED")
        if event.value == b"bug":
            raise KeyError(event.value)
        await recorder(event)

    await here.publish([b"before", b"poison", b"bug", b"after"])
    async with here.running(here.worker(handler)) as worker:
        await recorder.wait_for({b"before", b"after"})
        await worker.drain()
    assert sum((await here.committed()).values()) == 4
    letters = await list_dead_letters(here.kafka, here.topic)
    assert [(letter.reason, letter.stage, letter.attempts) for letter in letters] == [
        ("MALFORMED", STAGE, 1),
        ("UNEXPECTED", STAGE, 1),
    ]
    assert letters[0].message == "cannot be read"
    assert letters[0].origin.endswith("@1")


async def test_what_fails_for_a_while_is_retried_in_its_place(here: World) -> None:
    recorder = Recorder()
    failures = iter([True, True])

    async def handler(event: Event) -> None:
        if event.value == b"1" and next(failures, False):
            raise RetryableError("not yet")
        await recorder(event)

    await here.publish(numbered(3))
    async with here.running(here.worker(handler)) as worker:
        await recorder.wait_for(set(numbered(3)))
        await worker.drain()
    assert recorder.values == numbered(3)
    assert await list_dead_letters(here.kafka, here.topic) == []


async def test_a_stage_that_only_fails_stops_itself_and_leaves_the_events(here: World) -> None:
    async def handler(event: Event) -> None:
        raise RejectedEventError("nothing works")

    await here.publish(numbered(20))
    async with here.running(here.worker(handler, limits=DeadLetterLimits(max_consecutive=5))) as worker:
        error = await asyncio.wait_for(worker.failure(), PATIENCE_SECONDS)
    assert isinstance(error, StageStoppedError)
    assert len(await list_dead_letters(here.kafka, here.topic)) == 5
    assert sum((await here.committed()).values()) <= 5


async def test_a_second_member_takes_over_without_loss(here: World) -> None:
    recorder = Recorder()
    await here.publish(numbered(30, "a"), key=None)
    async with here.running(here.worker(recorder, member="one")) as one:
        await recorder.wait_for(set(numbered(30, "a")))
        async with here.running(here.worker(recorder, member="two")) as two:
            await here.publish(numbered(60, "b"), key=None)
            await one.drain()
            await one.stop()
            await here.publish(numbered(30, "c"), key=None)
            await recorder.wait_for({*numbered(60, "b"), *numbered(30, "c")})
            await two.drain()
    assert sum((await here.committed()).values()) == 120


async def test_progress_tells_what_waits(here: World) -> None:
    recorder = Recorder(held=[b"held"])
    await here.publish([b"held", b"waits"])
    async with here.running(here.worker(recorder)) as worker:
        await recorder.wait_for({b"held"}, started=True)
        assert worker._driver is not None
        progress = await worker._driver.progress()
        waiting = [state for state in progress.values() if state.end > 0]
        assert [(state.completed, state.end) for state in waiting] == [(0, 2)]
        assert len(progress) == 3
        recorder.release()
        await recorder.wait_for({b"waits"})


async def test_dead_letters_are_replayed_once_and_only_those_chosen(here: World) -> None:
    recorder = Recorder()
    broken = True

    async def handler(event: Event) -> None:
        if broken:
            raise RejectedEventError("no", code="ODD" if event.value == b"1" else "EVEN")
        await recorder(event)

    async def letters(count: int) -> None:
        while len(await list_dead_letters(here.kafka, here.topic)) < count:
            await asyncio.sleep(0.05)

    await here.publish(numbered(3))
    async with here.running(here.worker(handler)):
        await asyncio.wait_for(letters(3), PATIENCE_SECONDS)
        broken = False
        preview = await replay(here.kafka, here.topic, dry_run=True, rate=1000, reason="EVEN")
        assert (preview.open, preview.chosen, preview.replayed) == (3, 2, 0)
        report = await replay(here.kafka, here.topic, dry_run=False, rate=1000, reason="EVEN")
        assert (report.chosen, report.replayed) == (2, 2)
        await recorder.wait_for({b"0", b"2"})
    again = await replay(here.kafka, here.topic, dry_run=False, rate=1000, reason="EVEN")
    assert (again.open, again.chosen, again.replayed) == (1, 0, 0)
    assert recorder.values == [b"0", b"2"]
    assert all(REPLAY_OF in event.headers and "trace" in event.headers for event in recorder.seen)
    (left,) = await list_dead_letters(here.kafka, here.topic)
    assert left.reason == "ODD"


async def test_dead_letters_of_an_unknown_topic_are_an_error(here: World) -> None:
    with pytest.raises(NotFoundError):
        await list_dead_letters(here.kafka, f"{here.topic}-unknown", clock=SystemClock())


def _key_of_one_partition(number: int) -> bytes:
    """The `number`-th key that the default partitioner puts into partition 0."""
    from aiokafka.partitioner import murmur2

    fitting = (
        key
        for key in (f"key-{candidate}".encode() for candidate in range(10_000))
        if (murmur2(key) & 0x7FFFFFFF) % 3 == 0
    )
    return [next(fitting) for _ in range(number + 1)][-1]


async def _until_committed(here: World, offsets: int) -> None:
    while sum((await here.committed()).values()) < offsets:
        # The broker has no notice of a commit to wait for.
        await asyncio.sleep(0.05)
