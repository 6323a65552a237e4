"""What a test on Kafka may rely on, whichever broker runs it."""

from collections.abc import Mapping
from typing import Literal, Protocol

from services.chassis.streams.embedded import EmbeddedBroker
from tests.harness.kafka import KafkaCluster

BrokerKind = Literal["embedded", "real_kafka"]


class Broker(Protocol):
    """A running Kafka-protocol broker."""

    @property
    def kind(self) -> BrokerKind:
        """Which broker this is, for the few tests that must know."""
        ...

    @property
    def bootstrap_servers(self) -> str:
        """Comma-separated `host:port`."""
        ...

    async def create_topics(self, topics: Mapping[str, int]) -> None:
        """Create topics (name to partition count), ready for use on return."""
        ...


class EmbeddedTestBroker:
    """The embedded broker as a `Broker`."""

    kind: BrokerKind = "embedded"

    def __init__(self, broker: EmbeddedBroker) -> None:
        """Take a running broker, which stays its owner's to stop."""
        self._broker = broker

    @property
    def bootstrap_servers(self) -> str:
        """Comma-separated `host:port`."""
        return self._broker.bootstrap_servers

    async def create_topics(self, topics: Mapping[str, int]) -> None:
        """Create topics; the embedded broker has them at once."""
        for name, partitions in topics.items():
            self._broker.create_topic(name, partitions)


class RealTestBroker:
    """A real cluster as a `Broker`."""

    kind: BrokerKind = "real_kafka"

    def __init__(self, cluster: KafkaCluster) -> None:
        """Take a running cluster, which stays its owner's to stop."""
        self._cluster = cluster

    @property
    def bootstrap_servers(self) -> str:
        """Comma-separated `host:port`."""
        return self._cluster.bootstrap_servers

    async def create_topics(self, topics: Mapping[str, int]) -> None:
        """Create topics on all nodes and wait for their leaders."""
        await self._cluster.create_topics(topics)


_EMBEDDED: type[Broker] = EmbeddedTestBroker
_REAL: type[Broker] = RealTestBroker
