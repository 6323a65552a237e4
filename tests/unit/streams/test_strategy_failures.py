"""Retries, deadlines and dead letters, without Kafka and with a clock that stands still."""

import asyncio

import pytest

from services.chassis.clock import ManualClock
from services.chassis.errors import TooLargeError
from services.chassis.streams import dead_letters as headers
from services.chassis.streams.event import Event
from services.chassis.streams.failures import DeadLetterFailedError, StageStoppedError
from services.chassis.streams.publisher import MemoryPublisher, PublishError
from services.chassis.streams.stage import DeadLetterLimits, RejectedEventError, RetryableError
from tests.unit.streams.support import TOPIC, Bench, Gate, event, settle


async def test_retries_exhausted_lead_to_the_dead_letters_with_the_errors_code() -> None:
    async def handler(event: Event) -> None:
        raise RetryableError("still locked", code="LOCKED")

    bench = Bench(handler, clock=ManualClock(1000.0))
    await bench.strategy.submit(event(7, key="k", partition=3, value=b"payload"))
    await settle()
    await bench.clock.advance(10)
    assert bench.completed == [(3, 7)]
    assert isinstance(bench.publisher, MemoryPublisher)
    (record,) = bench.publisher.records
    assert (record.topic, record.key, record.value) == (f"{TOPIC}.dlq", b"k", b"payload")
    assert record.headers == {
        headers.REASON: b"LOCKED",
        headers.MESSAGE: b"still locked",
        headers.ATTEMPTS: b"3",
        headers.FIRST_SEEN: b"1000.000",
        headers.STAGE: b"bench.stage",
        headers.TOPIC: TOPIC.encode(),
        headers.PARTITION: b"3",
        headers.OFFSET: b"7",
    }


async def test_an_unexpected_error_is_not_quoted() -> None:
    async def handler(event: Event) -> None:
        raise ValueError(event.value.decode())

    bench = Bench(handler)
    await bench.strategy.submit(event(0, value=b"what somebody wrote"))
    await bench.strategy.drain()
    assert isinstance(bench.publisher, MemoryPublisher)
    (record,) = bench.publisher.records
    assert record.headers[headers.REASON] == b"UNEXPECTED"
    assert record.headers[headers.MESSAGE] == b"ValueError"


async def test_a_handler_that_awaited_something_cancelled_is_a_dead_letter() -> None:
    async def handler(event: Event) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.cancel()
        await future

    bench = Bench(handler)
    await bench.strategy.submit(event(0))
    await bench.strategy.drain()
    assert bench.reasons == ["UNEXPECTED"]
    assert bench.completed == [(0, 0)]


async def test_the_deadline_covers_all_attempts_and_spares_the_next_event() -> None:
    async def handler(event: Event) -> None:
        if event.offset == 0:
            raise RetryableError("never")

    bench = Bench(handler, deadline_seconds=5.0, retry_delays_seconds=(2.0, 100.0))
    await bench.strategy.submit(event(0, key="a"))
    await bench.strategy.submit(event(1, key="a"))
    await settle()
    await bench.clock.advance(4.9)
    assert bench.completed == []
    await bench.clock.advance(0.2)
    assert bench.reasons == ["DEADLINE_EXCEEDED"]
    assert bench.completed == [(0, 0), (0, 1)]


async def test_each_event_has_its_own_deadline() -> None:
    gate = Gate()
    bench = Bench(gate, deadline_seconds=5.0)
    await bench.strategy.submit(event(0, partition=0))
    await settle()
    await bench.clock.advance(3)
    await bench.strategy.submit(event(1, partition=1))
    await settle()
    await bench.clock.advance(2.1)
    assert bench.completed == [(0, 0)]
    await bench.clock.advance(3)
    assert bench.completed == [(0, 0), (1, 1)]


class ClosedPublisher(MemoryPublisher):
    """Takes nothing."""

    async def publish(self, *args: object, **kwargs: object) -> None:
        raise PublishError("closed")


async def test_a_dead_letter_that_cannot_be_published_is_never_completed() -> None:
    async def handler(event: Event) -> None:
        if event.offset == 0:
            raise RejectedEventError("no")

    bench = Bench(handler, publisher=ClosedPublisher())
    await bench.strategy.submit(event(0))
    await bench.strategy.submit(event(1))
    assert isinstance(await bench.strategy.failure, DeadLetterFailedError)
    assert bench.completed == []
    with pytest.raises(DeadLetterFailedError):
        await bench.strategy.submit(event(2))


class NarrowPublisher(MemoryPublisher):
    """Takes only empty values."""

    async def publish(self, topic: str, *, key, value, headers=None) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        if value:
            raise TooLargeError("too large")
        await super().publish(topic, key=key, value=value, headers=headers)


async def test_a_dead_letter_too_large_goes_without_its_value() -> None:
    async def handler(event: Event) -> None:
        raise RejectedEventError("no")

    publisher = NarrowPublisher()
    bench = Bench(handler, publisher=publisher)
    await bench.strategy.submit(event(0, value=b"large"))
    await bench.strategy.drain()
    assert bench.completed == [(0, 0)]
    assert headers.VALUE_OMITTED in publisher.records[0].headers


async def test_too_many_dead_letters_in_a_row_stop_the_stage_before_the_next() -> None:
    async def handler(event: Event) -> None:
        raise RejectedEventError("no")

    bench = Bench(handler, dead_letter_limits=DeadLetterLimits(max_consecutive=3))
    for offset in range(4):
        await bench.strategy.submit(event(offset))
    assert isinstance(await bench.strategy.failure, StageStoppedError)
    assert bench.completed == [(0, 0), (0, 1), (0, 2)]
    assert len(bench.reasons) == 3


async def test_too_large_a_share_of_dead_letters_stops_the_stage() -> None:
    async def handler(event: Event) -> None:
        if event.offset % 2:
            raise RejectedEventError("no")

    limits = DeadLetterLimits(max_consecutive=100, max_ratio=0.4, over_events=10)
    bench = Bench(handler, dead_letter_limits=limits)
    for offset in range(10):
        await bench.strategy.submit(event(offset))
    assert isinstance(await bench.strategy.failure, StageStoppedError)
    assert bench.completed == [(0, offset) for offset in range(9)]


async def test_a_share_within_the_limit_goes_on() -> None:
    async def handler(event: Event) -> None:
        if event.offset % 4 == 0:
            raise RejectedEventError("no")

    limits = DeadLetterLimits(max_consecutive=2, max_ratio=0.4, over_events=10)
    bench = Bench(handler, dead_letter_limits=limits)
    for offset in range(100):
        await bench.strategy.submit(event(offset))
    await bench.strategy.drain()
    assert len(bench.completed) == 100
    assert not bench.strategy.failure.done()
