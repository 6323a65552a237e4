"""The one Kafka producer of a process."""

from __future__ import annotations

from collections.abc import Mapping

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from prometheus_client import Counter

from services.chassis.clock import Clock
from services.chassis.errors import TooLargeError
from services.chassis.metrics import Metrics
from services.chassis.settings import KafkaSettings
from services.chassis.streams.connection import client_arguments, wait_for_broker
from services.chassis.streams.log_limit import limit_kafka_logs
from services.chassis.streams.publisher import PublishError

_LINGER_MS = 5
_BATCH_BYTES = 128 * 1024
_LOG_EVERY_SECONDS = 10.0


class KafkaPublisher:
    """Idempotent, acknowledged by all in-sync replicas; rides out outages up to its delivery timeout."""

    name = "publisher"

    def __init__(self, kafka: KafkaSettings, *, metrics: Metrics, clock: Clock) -> None:
        self._kafka = kafka
        self._published = metrics.published
        # Labels are looked up once a topic, not once a record.
        self._acknowledged: dict[str, Counter] = {}
        self._clock = clock
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Wait for the broker, then connect; BrokerUnavailableError where none answers."""
        limit_kafka_logs(seconds=_LOG_EVERY_SECONDS, monotonic=self._clock.monotonic)
        await wait_for_broker(self._kafka, clock=self._clock)
        producer = AIOKafkaProducer(
            **client_arguments(self._kafka),
            acks="all",
            enable_idempotence=True,
            linger_ms=_LINGER_MS,
            max_batch_size=_BATCH_BYTES,
            # aiokafka keeps a batch for this long before it gives up on it.
            request_timeout_ms=round(self._kafka.delivery_timeout_seconds * 1000),
        )
        self._producer = producer
        await producer.start()

    async def drain(self) -> None:
        """Return when everything handed over is acknowledged or given up."""
        if self._producer is not None:
            await self._producer.flush()

    async def stop(self) -> None:
        """Close the connections."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def publish(
        self,
        topic: str,
        *,
        key: bytes | None,
        value: bytes,
        headers: Mapping[str, bytes] | None = None,
    ) -> None:
        """See `Publisher.publish`. TooLargeError for a record that no retry would get through."""
        if self._producer is None:
            raise PublishError("the publisher is not started")
        try:
            acknowledged = await self._producer.send(
                topic, value, key=key, headers=list(headers.items()) if headers else None
            )
            await acknowledged
        except MessageSizeTooLargeError as error:
            self._published.labels(topic, "failed").inc()
            raise TooLargeError(f"{topic}: a record of {len(value)} bytes is too large") from error
        except KafkaError as error:
            self._published.labels(topic, "failed").inc()
            raise PublishError(f"{topic}: {type(error).__name__}") from error
        self._count_acknowledged(topic)

    def _count_acknowledged(self, topic: str) -> None:
        counter = self._acknowledged.get(topic)
        if counter is None:
            counter = self._acknowledged[topic] = self._published.labels(topic, "acknowledged")
        counter.inc()
