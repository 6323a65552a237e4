"""The brokers of a run, as something whose nodes can be taken away and given back."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from services.chassis.streams.embedded import EmbeddedBroker
from tests.harness.kafka import KafkaCluster


class FragileBroker(Protocol):
    """Brokers under attack."""

    @property
    def bootstrap_servers(self) -> str:
        """Comma-separated `host:port`."""
        ...

    @property
    def nodes(self) -> int:
        """How many there are, numbered from 1."""
        ...

    async def create_topics(self, topics: Mapping[str, int]) -> None:
        """Create topics, ready for use on return."""
        ...

    async def take_down(self, node: int) -> None:
        """Take one node away, as a crash would."""
        ...

    async def bring_up(self, node: int) -> None:
        """Give it back, with its data."""
        ...


class FragileEmbeddedBroker:
    """One embedded broker: down means that nothing of Kafka is there."""

    nodes = 1

    def __init__(self, broker: EmbeddedBroker) -> None:
        self._broker = broker
        self.bootstrap_servers = broker.bootstrap_servers

    async def create_topics(self, topics: Mapping[str, int]) -> None:
        """See `FragileBroker`."""
        for name, partitions in topics.items():
            self._broker.create_topic(name, partitions)

    async def take_down(self, node: int) -> None:
        """See `FragileBroker`."""
        self._broker.set_down(node)

    async def bring_up(self, node: int) -> None:
        """See `FragileBroker`."""
        self._broker.set_up(node)


class FragileKafka:
    """Real Kafka: nodes are killed and restarted one after the other."""

    def __init__(self, cluster: KafkaCluster) -> None:
        self._cluster = cluster
        self.bootstrap_servers = cluster.bootstrap_servers
        self.nodes = len(cluster.node_ids)

    async def create_topics(self, topics: Mapping[str, int]) -> None:
        """See `FragileBroker`."""
        await self._cluster.create_topics(topics)

    async def take_down(self, node: int) -> None:
        """See `FragileBroker`."""
        await asyncio.to_thread(self._cluster.kill, node)

    async def bring_up(self, node: int) -> None:
        """See `FragileBroker`."""
        await asyncio.to_thread(self._cluster.restart, node)


_EMBEDDED: type[FragileBroker] = FragileEmbeddedBroker
_REAL: type[FragileBroker] = FragileKafka
