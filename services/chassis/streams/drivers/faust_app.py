"""A Faust application for one stage, as the facts about Faust demand it."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import faust
from aiokafka.helpers import create_ssl_context
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport
from faust.types import TP, Message
from faust.types.auth import CredentialsT
from yarl import URL

from services.chassis.settings import KafkaSettings
from services.chassis.streams.connection import METADATA_MAX_AGE_MS
from services.chassis.streams.drivers.driver import MAX_POLL_RECORDS, MAX_POLL_SECONDS


class FaustApp(faust.App):
    """An application whose consumer acknowledges only records that `release` was called with.

    During a rebalance Faust acknowledges records that it skips as if they had been handled; a
    crash before their second delivery is completed would lose them.
    """

    def __init__(self, group: str, *, rebalance_started: Callable[[], None], **settings: Any) -> None:
        super().__init__(group, **settings)
        self._rebalance_started = rebalance_started
        self._releasing: Message | None = None
        self.transport = _GuardedTransport(self.conf.broker_consumer, self)

    def on_rebalance_start(self) -> None:
        """Faust's hook, called in the consumer's thread before Faust waits for its streams."""
        self._rebalance_started()
        super().on_rebalance_start()

    def release(self, message: Message) -> None:
        """Let the next acknowledgement through if it is of this record."""
        self._releasing = message

    def released(self, message: Message) -> bool:
        """Whether this record is the one released."""
        return message is self._releasing


class GuardedConsumer(Consumer):
    """Faust's consumer, which in addition lets itself be asked for what went wrong in its group."""

    def ack(self, message: Message) -> bool:
        """Faust's hook: False where the record was not released."""
        if not cast("FaustApp", self.app).released(message):
            return False
        acknowledged: bool = super().ack(message)
        return acknowledged

    async def raise_group_error(self) -> None:
        """Raise the KafkaError with which the broker refused the group's last join, if it did.

        aiokafka joins again only after somebody took the error, and Faust never does.
        """
        thread = cast("_AskableThread", self._thread)
        await thread.call_thread(thread.raise_group_error)

    def _new_consumer_thread(self) -> _AskableThread:
        return _AskableThread(self, loop=self.loop, beacon=self.beacon)


class _AskableThread(AIOKafkaConsumerThread):
    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Faust's hook, called when a rebalance is over: read on from where the group stands.

        A partition of which nothing is committed yet is read from its beginning. aiokafka leaves it
        where it is, which is past the records that Faust fetched and dropped while it rebalanced.
        """
        committed: Mapping[TP, int] = await super().seek_to_committed()
        uncommitted = [partition for partition, offset in committed.items() if not offset]
        await self.call_thread(self._seek_to_beginning, uncommitted)
        return committed

    async def _seek_to_beginning(self, partitions: Iterable[TP]) -> None:
        consumer = self._ensure_consumer()
        for partition in consumer.assignment().intersection(partitions):
            # Where the log begins later `earliest` applies; to ask where could mean to wait for a leader.
            consumer.seek(partition, 0)

    async def raise_group_error(self) -> None:
        # Private to aiokafka; its own `getmany`, which Faust bypasses, begins with it.
        self._ensure_consumer()._coordinator.check_errors()  # noqa: SLF001


class _GuardedTransport(Transport):
    Consumer = GuardedConsumer


def new_app(group: str, kafka: KafkaSettings, *, rebalance_started: Callable[[], None]) -> FaustApp:
    """Make an application: no web, no tables, no topics declared, nothing said about logging.

    `rebalance_started` is called in the consumer's thread.
    """
    return FaustApp(
        group,
        rebalance_started=rebalance_started,
        broker=[URL(f"kafka://{address}") for address in kafka.bootstrap_servers.split(",")],
        broker_credentials=_credentials(kafka),
        # Faust makes its folders even where nothing is kept in them.
        datadir=Path(tempfile.gettempdir()) / "palisade-faust",
        store="memory://",
        autodiscover=False,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        stream_wait_empty=True,
        broker_commit_interval=kafka.commit_interval_seconds,
        broker_session_timeout=kafka.session_timeout_seconds,
        broker_heartbeat_interval=kafka.heartbeat_seconds,
        broker_rebalance_timeout=kafka.rebalance_timeout_seconds,
        broker_request_timeout=kafka.request_timeout_seconds,
        broker_max_poll_records=MAX_POLL_RECORDS,
        broker_max_poll_interval=MAX_POLL_SECONDS,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=kafka.group_instance_id or None,
        consumer_metadata_max_age_ms=METADATA_MAX_AGE_MS,
        producer_metadata_max_age_ms=METADATA_MAX_AGE_MS,
    )


def _credentials(kafka: KafkaSettings) -> CredentialsT | None:
    context = _ssl_context(kafka)
    if kafka.security_protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=kafka.sasl_username,
            password=kafka.sasl_password.get_secret_value(),
            ssl_context=context,
            mechanism=kafka.sasl_mechanism,
        )
    return faust.SSLCredentials(context) if context else None


def _ssl_context(kafka: KafkaSettings) -> ssl.SSLContext | None:
    if not kafka.security_protocol.endswith("SSL"):
        return None
    context: ssl.SSLContext = create_ssl_context(cafile=str(kafka.ca_file) if kafka.ca_file else None)
    return context
