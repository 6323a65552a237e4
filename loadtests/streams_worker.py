"""One way to work through a topic, in a process of its own, so that its CPU time is that way's alone."""

import argparse
import asyncio
import json
import resource
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import faust
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from yarl import URL

from services.chassis.clock import SystemClock
from services.chassis.metrics import Metrics
from services.chassis.settings import KafkaSettings, WorkerSettings
from services.chassis.streams.event import Event
from services.chassis.streams.kafka_publisher import KafkaPublisher
from services.chassis.streams.stage import Driver, Handler, Stage, WindowLimits
from services.chassis.streams.worker import StageWorker

SOURCE = "load.in"
SINK = "load.out"
# The same for all, for what is in flight together shares requests.
IN_FLIGHT = 500


class Meter:
    """CPU seconds of this process from the first event to the last of `expected`."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._seen = 0
        self._began = 0.0
        self.cpu_seconds = 0.0
        self.finished = asyncio.Event()

    def count(self, events: int = 1) -> None:
        """Count events that are done."""
        if self._seen == 0:
            self._began = _cpu_seconds()
        self._seen += events
        if self._seen >= self._expected and not self.finished.is_set():
            self.cpu_seconds = _cpu_seconds() - self._began
            self.finished.set()


async def raw_consume_produce(servers: str, meter: Meter) -> None:
    """Control: aiokafka alone, at least once: poll, produce, await all, commit."""
    consumer = AIOKafkaConsumer(
        SOURCE,
        bootstrap_servers=servers,
        group_id="raw",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=servers,
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        max_batch_size=128 * 1024,
    )
    await producer.start()
    await consumer.start()
    while not meter.finished.is_set():
        batches = await consumer.getmany(timeout_ms=200, max_records=IN_FLIGHT)
        records = [record for batch in batches.values() for record in batch]
        sent = [await producer.send(SINK, record.value, key=record.key) for record in records]
        if sent:
            await asyncio.gather(*sent)
            await consumer.commit()
            meter.count(len(sent))
    await consumer.stop()
    await producer.stop()


async def stock_faust(servers: str, meter: Meter) -> None:
    """Control: a serial Faust agent as the tutorial has it, that does nothing."""
    app = faust.App(
        "stock",
        broker=[URL(f"kafka://{address}") for address in servers.split(",")],
        datadir=Path(tempfile.gettempdir()) / "palisade-faust",
        store="memory://",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        broker_max_poll_records=IN_FLIGHT,
    )
    topic = app.topic(SOURCE, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

    @app.agent(topic)
    async def agent(stream: faust.StreamT[bytes]) -> None:
        async for _ in stream.events():
            meter.count()

    app.finalize()
    await app.start()
    await meter.finished.wait()
    await app.stop()


def stage(driver: Driver, *, produce: bool) -> Callable[[str, Meter], Awaitable[None]]:
    """The chassis' worker on `driver`, producing each event onwards or doing nothing."""

    async def run(servers: str, meter: Meter) -> None:
        kafka = KafkaSettings(bootstrap_servers=servers)
        clock, metrics = SystemClock(), Metrics("load")
        publisher = KafkaPublisher(kafka, metrics=metrics, clock=clock)

        async def forward(event: Event) -> None:
            await publisher.publish(SINK, key=event.key, value=event.value)
            meter.count()

        async def nothing(event: Event) -> None:
            del event
            meter.count()

        handler: Handler = forward if produce else nothing
        name = f"load.{driver}.{'produce' if produce else 'nothing'}"
        worker = StageWorker(
            Stage(name, SOURCE, handler, driver=driver, limits=WindowLimits(window=IN_FLIGHT)),
            kafka,
            WorkerSettings(),
            publisher=publisher,
            metrics=metrics,
            clock=clock,
        )
        await publisher.start()
        await worker.start()
        await meter.finished.wait()
        await worker.drain()
        await worker.stop()
        await publisher.stop()

    return run


WAYS: dict[str, Callable[[str, Meter], Awaitable[None]]] = {
    "raw aiokafka, consume and produce": raw_consume_produce,
    "aiokafka driver, consume and produce": stage(Driver.AIOKAFKA, produce=True),
    "aiokafka driver, no-op": stage(Driver.AIOKAFKA, produce=False),
    "stock Faust agent, no-op": stock_faust,
    "Faust driver, no-op": stage(Driver.FAUST, produce=False),
    "Faust driver, consume and produce": stage(Driver.FAUST, produce=True),
}


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _measure(way: str, servers: str, events: int) -> float:
    meter = Meter(events)
    await WAYS[way](servers, meter)
    return meter.cpu_seconds


def main() -> None:
    """Run one way and print its CPU seconds as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--bootstrap-servers", required=True)
    parser.add_argument("--events", type=int, required=True)
    given = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        seconds = runner.run(_measure(given.way, given.bootstrap_servers, given.events))
    print(json.dumps({"cpu_seconds": seconds}))


if __name__ == "__main__":
    main()
