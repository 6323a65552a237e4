"""What every service is assembled from, built from its settings in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self

import structlog
from prometheus_client import GCCollector, PlatformCollector, ProcessCollector

from services.chassis.clock import Clock, SystemClock
from services.chassis.exposition import Exposition
from services.chassis.metrics import Metrics
from services.chassis.objects.open import open_store
from services.chassis.objects.store import ObjectStore
from services.chassis.rpc.server import GrpcServer, RpcService
from services.chassis.rpc.uploads import ByteBudget, UploadLimits
from services.chassis.service import Component, Service
from services.chassis.settings import ChassisSettings
from services.chassis.streams.kafka_publisher import KafkaPublisher
from services.chassis.streams.outgoing import Outgoing
from services.chassis.streams.publisher import Publisher
from services.chassis.streams.stage import Driver, Stage, WindowLimits
from services.chassis.streams.worker import StageWorker

_log = structlog.get_logger(__name__)


class PublisherComponent(Component, Publisher, Protocol):
    """A publisher with a life of its own."""


class NullPublisher:
    """For a process without a broker: discards records, counts them, and says so once."""

    name = "publisher"

    def __init__(self, metrics: Metrics) -> None:
        self._published = metrics.published
        self._said = False

    async def start(self) -> None:
        """Nothing to acquire."""

    async def drain(self) -> None:
        """Nothing pending."""

    async def stop(self) -> None:
        """Nothing to release."""

    async def publish(
        self,
        topic: str,
        *,
        key: bytes | None,
        value: bytes,
        headers: Mapping[str, bytes] | None = None,
    ) -> None:
        """Count the record as discarded."""
        del key, value, headers
        self._published.labels(topic, "discarded").inc()
        if not self._said:
            self._said = True
            _log.warning("records_discarded", reason="PALISADE_KAFKA__BOOTSTRAP_SERVERS is empty")


@dataclass(frozen=True)
class Assembly:
    """The parts that services share; `service` puts them and the service's own in order.

    Attributes:
        publisher: writes and waits; dead letters and outboxes use it.
        outgoing: what RPCs send decisions through.
    """

    name: str
    settings: ChassisSettings
    clock: Clock
    metrics: Metrics
    publisher: PublisherComponent
    outgoing: Outgoing
    byte_budget: ByteBudget
    upload_limits: UploadLimits

    @classmethod
    def of(cls, name: str, settings: ChassisSettings, *, clock: Clock | None = None) -> Self:
        """Build what every service has; opens nothing."""
        clock = clock or SystemClock()
        metrics = Metrics(name)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=metrics.registry)
        publisher = _publisher(settings, metrics, clock)
        return cls(
            name=name,
            settings=settings,
            clock=clock,
            metrics=metrics,
            publisher=publisher,
            outgoing=Outgoing(
                publisher,
                mode=settings.outgoing.mode,
                capacity=settings.outgoing.capacity,
                metrics=metrics,
                clock=clock,
            ),
            byte_budget=ByteBudget(settings.grpc.max_buffered_bytes, received=metrics.upload_bytes.inc),
            upload_limits=UploadLimits(settings.grpc.max_upload_bytes),
        )

    @cached_property
    def objects(self) -> ObjectStore:
        """The object store; SettingsError where the service needs one and none is set."""
        return open_store(self.settings.objects)

    def window_limits(self) -> WindowLimits:
        """The limits of this service's stages, as set."""
        worker = self.settings.worker
        return WindowLimits(worker.window, worker.deadline_seconds, worker.retry_delays_seconds)

    def driver(self, default: Driver) -> Driver:
        """The driver of a stage: as set, or else the one that suits the stage."""
        chosen = self.settings.worker.driver
        return default if chosen == "default" else Driver(chosen)

    def service(
        self,
        *,
        rpc: Sequence[RpcService],
        stages: Sequence[Stage] = (),
        components: Sequence[Component] = (),
    ) -> Service:
        """The service, its parts in the order in which they start; they drain and stop in reverse.

        Without a broker the stages are left out. A stage that fails ends the service, after a drain.
        """
        workers = self._workers(stages)
        server = GrpcServer(
            self.settings.grpc,
            auth=self.settings.auth,
            services=rpc,
            metrics=self.metrics,
            clock=self.clock,
            liveness=lambda: not any(worker.stalled for worker in workers),
        )
        return Service(
            self.name,
            components=(
                Exposition(self.metrics.registry, self.settings.metrics.address),
                self.publisher,
                self.outgoing,
                *self._object_store(),
                *components,
                *workers,
                server,
            ),
            readiness=server,
            settings=self.settings.lifecycle,
            clock=self.clock,
            failures=[worker.failure for worker in workers],
        )

    def _workers(self, stages: Sequence[Stage]) -> tuple[StageWorker, ...]:
        if not self.settings.kafka.bootstrap_servers:
            return ()
        self.metrics.declare(stages=[stage.name for stage in stages])
        return tuple(
            StageWorker(
                stage,
                self.settings.kafka,
                self.settings.worker,
                publisher=self.publisher,
                metrics=self.metrics,
                clock=self.clock,
            )
            for stage in stages
        )

    def _object_store(self) -> tuple[Component, ...]:
        """The store as a part, where the service has asked for it."""
        return (_OpenStore(self.objects),) if "objects" in vars(self) else ()


class _OpenStore:
    """Closes the object store when everything that uses it has stopped."""

    name = "object_store"

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def start(self) -> None: ...

    async def drain(self) -> None: ...

    async def stop(self) -> None:
        await self._store.close()


def _publisher(settings: ChassisSettings, metrics: Metrics, clock: Clock) -> PublisherComponent:
    if settings.kafka.bootstrap_servers:
        return KafkaPublisher(settings.kafka, metrics=metrics, clock=clock)
    return NullPublisher(metrics)
