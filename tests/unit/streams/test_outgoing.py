"""Decisions beside the call: bounded, retried, and none left behind by a drain."""

import asyncio
from collections.abc import Mapping
from typing import Literal

import pytest

from services.chassis.clock import ManualClock
from services.chassis.errors import OverloadedError, TooLargeError
from services.chassis.metrics import Metrics
from services.chassis.streams.outgoing import Outgoing
from services.chassis.streams.publisher import MemoryPublisher, PublishError


class MoodyPublisher(MemoryPublisher):
    """Raises the given errors first, and waits while it is held."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self._errors = list(errors)
        self.ready = asyncio.Event()
        self.ready.set()

    async def publish(
        self, topic: str, *, key: bytes | None, value: bytes, headers: Mapping[str, bytes] | None = None
    ) -> None:
        await self.ready.wait()
        if self._errors:
            raise self._errors.pop(0)
        await super().publish(topic, key=key, value=value, headers=headers)


def outgoing(
    publisher: MemoryPublisher, mode: Literal["background", "required"], capacity: int = 10
) -> tuple[Outgoing, ManualClock, Metrics]:
    clock, metrics = ManualClock(), Metrics("test")
    return Outgoing(publisher, mode=mode, capacity=capacity, metrics=metrics, clock=clock), clock, metrics


async def test_background_does_not_wait_and_drain_does() -> None:
    publisher = MoodyPublisher()
    publisher.ready.clear()
    out, _, metrics = outgoing(publisher, "background")
    await out.send("t", key=b"k", value=b"1", headers={"h": b"v"})
    assert publisher.records == []
    assert metrics.registry.get_sample_value("palisade_outgoing_pending") == 1
    draining = asyncio.create_task(out.drain())
    await asyncio.sleep(0)
    assert not draining.done()
    publisher.ready.set()
    await draining
    (record,) = publisher.records
    assert (record.topic, record.key, record.value, record.headers) == ("t", b"k", b"1", {"h": b"v"})
    await asyncio.sleep(0)
    assert metrics.registry.get_sample_value("palisade_outgoing_pending") == 0


async def test_more_than_the_capacity_is_refused_and_nothing_taken_on_is_lost() -> None:
    publisher = MoodyPublisher()
    publisher.ready.clear()
    out, _, _ = outgoing(publisher, "background", capacity=2)
    await out.send("t", key=None, value=b"1")
    await out.send("t", key=None, value=b"2")
    with pytest.raises(OverloadedError):
        await out.send("t", key=None, value=b"3")
    publisher.ready.set()
    await out.drain()
    assert [record.value for record in publisher.records] == [b"1", b"2"]
    await out.send("t", key=None, value=b"4")
    await out.drain()
    assert len(publisher.records) == 3


async def test_background_retries_until_acknowledged() -> None:
    publisher = MoodyPublisher(PublishError("down"), PublishError("down"))
    out, clock, _ = outgoing(publisher, "background")
    await out.send("t", key=None, value=b"1")
    # Nothing is due yet: only lets the first attempt run.
    await clock.advance(0)
    await clock.advance(0.5)
    assert publisher.records == []
    await clock.advance(1.0)
    await out.drain()
    assert len(publisher.records) == 1


async def test_a_record_no_broker_takes_does_not_hold_up_a_drain() -> None:
    out, _, _ = outgoing(MoodyPublisher(TooLargeError("too large")), "background")
    await out.send("t", key=None, value=b"1")
    await out.drain()


async def test_required_returns_when_acknowledged() -> None:
    publisher = MoodyPublisher()
    out, _, _ = outgoing(publisher, "required")
    await out.send("t", key=None, value=b"1")
    assert len(publisher.records) == 1


async def test_required_tells_the_caller_of_a_failure() -> None:
    publisher = MoodyPublisher(PublishError("down"))
    out, _, _ = outgoing(publisher, "required")
    with pytest.raises(PublishError):
        await out.send("t", key=None, value=b"1")
    assert publisher.records == []


async def test_stop_ends_with_records_pending() -> None:
    publisher = MoodyPublisher()
    publisher.ready.clear()
    out, _, _ = outgoing(publisher, "background")
    await out.send("t", key=None, value=b"1")
    await out.stop()
    assert publisher.records == []


def test_a_capacity_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="capacity"):
        Outgoing(MemoryPublisher(), mode="background", capacity=0, metrics=Metrics("test"))
