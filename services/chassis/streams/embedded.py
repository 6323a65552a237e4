"""A Kafka-protocol broker inside this process, for one machine and for tests."""

import ctypes
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from services.chassis.streams.librdkafka import (
    EmbeddedBrokerError,
    EmbeddedBrokerUnavailableError,
    LibRdKafka,
)

__all__ = ["EmbeddedBroker", "EmbeddedBrokerError", "EmbeddedBrokerUnavailableError"]


class EmbeddedBroker:
    """The mock cluster of the librdkafka that ships inside the confluent-kafka wheel.

    It speaks the Kafka protocol on free ports of 127.0.0.1, so every client and every
    other process reaches it through `bootstrap_servers`. Its limits, by design of librdkafka:

    - records live in memory only and are gone after `stop`;
    - each partition keeps its newest 5 MiB, older records vanish unread;
    - no CreateTopics request: topics are made by `start` and `create_topic`; a topic that a
      client merely names is auto-created with four partitions;
    - every later rebalance of a consumer group waits for the members' session timeout less one
      second, and a returning static member is first waited for that timeout: keep it short;
    - leaders do not move by themselves when a broker is down.

    It must not be used across a fork. Raises `EmbeddedBrokerError` where librdkafka refuses.
    """

    def __init__(self, library: LibRdKafka, brokers: int) -> None:
        """Take a running cluster; use `start`."""
        self._library = library
        self._handle = library.new_handle()
        self._cluster: ctypes.c_void_p | None = library.new_cluster(self._handle, brokers)
        self._brokers = brokers

    @classmethod
    def start(cls, topics: Mapping[str, int], brokers: int = 1) -> Self:
        """Start `brokers` brokers, numbered from 1, with `topics` (name to partition count).

        Raises `EmbeddedBrokerUnavailableError` when the `embedded` extra is not installed and
        ValueError for counts below one.
        """
        if brokers < 1:
            raise ValueError(f"brokers must be at least 1, not {brokers}")
        broker = cls(LibRdKafka.load(), brokers)
        try:
            for name, partitions in topics.items():
                broker.create_topic(name, partitions)
        except BaseException:
            broker.stop()
            raise
        return broker

    @property
    def bootstrap_servers(self) -> str:
        """Comma-separated `host:port` of all brokers, down ones included."""
        return self._library.bootstraps(self._running())

    def create_topic(self, name: str, partitions: int) -> None:
        """Create `name` on all brokers; a topic that exists is refused by the broker."""
        if partitions < 1:
            raise ValueError(f"topic {name}: partitions must be at least 1, not {partitions}")
        self._library.create_topic(self._running(), name, partitions, self._brokers)

    def set_down(self, broker_id: int) -> None:
        """Close the broker's connections and refuse new ones, as a crash would."""
        self._library.set_down(self._running(), self._known(broker_id))

    def set_up(self, broker_id: int) -> None:
        """Let the broker listen again on its old port, with its records."""
        self._library.set_up(self._running(), self._known(broker_id))

    def set_round_trip(self, broker_id: int, seconds: float) -> None:
        """Delay every answer of the broker by `seconds`."""
        milliseconds = round(seconds * 1000)
        self._library.set_rtt(self._running(), self._known(broker_id), milliseconds)

    def stop(self) -> None:
        """Close all connections and free the records; calling it again does nothing."""
        cluster, self._cluster = self._cluster, None
        if cluster is not None:
            self._library.destroy(self._handle, cluster)

    def __enter__(self) -> Self:
        """Return the running broker."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the broker."""
        self.stop()

    def _running(self) -> ctypes.c_void_p:
        if self._cluster is None:
            raise EmbeddedBrokerError("use", "the broker is stopped")
        return self._cluster

    def _known(self, broker_id: int) -> int:
        # librdkafka reads -1 as "all brokers", which a slip of a caller must not do.
        if not 1 <= broker_id <= self._brokers:
            raise ValueError(f"no broker {broker_id}: they are numbered 1 to {self._brokers}")
        return broker_id
