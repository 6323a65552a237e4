"""Where Faust reads on after a rebalance, on the embedded broker and on Apache Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import faust
import pytest
from faust.types import EventT, StreamT

from services.chassis.streams.drivers.faust_app import FaustApp, new_app
from services.chassis.streams.stage import Driver
from tests.contract.streams.support import PATIENCE_SECONDS, world
from tests.harness.broker import Broker

_RECORDS = 10


class Taken:
    """What an agent takes and leaves unacknowledged, as the driver's does."""

    def __init__(self, app: FaustApp, topic: str) -> None:
        self._app = app
        self._stream: StreamT[bytes] | None = None
        self.events: asyncio.Queue[EventT[bytes]] = asyncio.Queue()
        source = app.topic(topic, value_type=bytes, value_serializer="raw")
        app.agent(source, name="take")(self._take)

    async def offsets(self, count: int) -> list[int]:
        """The offsets of the next `count` events."""
        return [event.message.offset for event in await self.next(count)]

    async def next(self, count: int) -> list[EventT[bytes]]:
        """The next `count` events."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [await self.events.get() for _ in range(count)]

    async def commit(self, event: EventT[bytes]) -> None:
        """Acknowledge one event and commit."""
        assert self._stream is not None
        self._app.release(event.message)
        await self._stream.ack(event)
        await self._app.commit({event.message.tp})

    async def _take(self, stream: StreamT[bytes]) -> None:
        assert isinstance(stream, faust.Stream)
        self._stream = stream = stream.noack()
        async for event in stream.events():
            await self.events.put(event)


@asynccontextmanager
async def taking(broker: Broker, topic: str) -> AsyncIterator[tuple[FaustApp, Taken]]:
    """An application on a topic with all its records in one partition, started."""
    async with world(broker, topic, Driver.FAUST) as there:
        await there.publish([b"%d" % number for number in range(_RECORDS)])
        app = new_app(topic, there.kafka, rebalance_started=lambda: None)
        taken = Taken(app, topic)
        app.finalize()
        await app.start()
        try:
            yield app, taken
        finally:
            app.consumer.unacked.clear()
            await app.stop()


@pytest.mark.parametrize("committed", [0, 1, 4])
async def test_what_was_fetched_and_not_committed_is_read_again(
    broker: Broker, topic_name: str, committed: int
) -> None:
    async with taking(broker, topic_name) as (app, taken):
        events = await taken.next(_RECORDS)
        for event in events[:committed]:
            await taken.commit(event)
        await app.consumer.perform_seek()
        assert await taken.offsets(_RECORDS - committed) == list(range(committed, _RECORDS))
