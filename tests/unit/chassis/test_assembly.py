"""How the parts of a service are put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.chassis.assembly import Assembly, NullPublisher
from services.chassis.clock import ManualClock
from services.chassis.errors import SettingsError
from services.chassis.metrics import Metrics
from services.chassis.rpc.server import GrpcServer
from services.chassis.settings import ChassisSettings
from services.chassis.streams.event import Event
from services.chassis.streams.kafka_publisher import KafkaPublisher
from services.chassis.streams.stage import Driver, Stage


def _assembly(**sections: Any) -> Assembly:
    loopback = {
        "profile": "embedded",
        "auth": {"mode": "off"},
        "grpc": {"address": "127.0.0.1:0"},
        "metrics": {"address": ""},
        "lifecycle": {"propagation_seconds": 0},
    }
    return Assembly.of("test", ChassisSettings.model_validate(loopback | sections), clock=ManualClock())


class Part:
    name = "part"

    async def start(self) -> None: ...

    async def drain(self) -> None: ...

    async def stop(self) -> None: ...


async def _handle(event: Event) -> None: ...


def test_parts_start_after_what_they_need_and_the_server_last(tmp_path: Path) -> None:
    assembly = _assembly(kafka={"bootstrap_servers": "127.0.0.1:1"}, objects={"url": tmp_path.as_uri()})
    assert assembly.objects is assembly.objects
    service = assembly.service(rpc=[], stages=[Stage("test.stage", "topic", _handle)], components=[Part()])
    assert [part.name for part in service._components] == [
        *("exposition", "publisher", "outgoing", "object_store", "part", "stage test.stage", "grpc_server"),
    ]
    assert isinstance(service.readiness, GrpcServer)
    assert isinstance(assembly.publisher, KafkaPublisher)


def test_without_a_broker_there_are_no_stages() -> None:
    assembly = _assembly()
    service = assembly.service(rpc=[], stages=[Stage("test.stage", "topic", _handle)])
    assert [part.name for part in service._components] == [
        *("exposition", "publisher", "outgoing", "grpc_server"),
    ]
    assert isinstance(assembly.publisher, NullPublisher)


async def test_without_a_broker_records_are_discarded_and_counted() -> None:
    metrics = Metrics("test")
    publisher = NullPublisher(metrics)
    for _ in range(2):
        await publisher.publish("topic", key=None, value=b"x")
    labels = {"topic": "topic", "outcome": "discarded"}
    assert metrics.registry.get_sample_value("palisade_published_total", labels) == 2


def test_a_store_is_demanded_only_of_a_service_that_uses_it() -> None:
    assembly = _assembly()
    assembly.service(rpc=[])
    with pytest.raises(SettingsError, match="PALISADE_OBJECTS__URL"):
        _ = assembly.objects


def test_limits_and_driver_come_from_the_settings() -> None:
    chosen = _assembly(worker={"driver": "faust", "window": 7, "retry_delays_seconds": [1.5]})
    assert chosen.driver(Driver.AIOKAFKA) is Driver.FAUST
    assert _assembly().driver(Driver.AIOKAFKA) is Driver.AIOKAFKA
    limits = chosen.window_limits()
    assert (limits.window, tuple(limits.retry_delays_seconds)) == (7, (1.5,))


async def test_uploads_are_counted_in_the_metrics() -> None:
    assembly = _assembly()
    assembly.byte_budget.received(5)
    assert assembly.metrics.registry.get_sample_value("palisade_upload_bytes_total") == 5


async def test_an_assembled_service_starts_and_stops() -> None:
    service = _assembly(objects={"url": "memory://"}).service(rpc=[])
    await service.start()
    assert isinstance(service.readiness, GrpcServer)
    assert service.readiness.port > 0
    await service.drain()
    await service.stop()
