"""The configuration of test brokers: real defaults, short waits, little memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_INTERNAL_PARTITIONS = 4

# Kafka logs to standard output, from where the harness reads it.
LOG_SETTINGS = """\
status = warn
appender.out.type = Console
appender.out.name = OUT
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = [%d] %p %m (%c)%n
rootLogger.level = INFO
rootLogger.appenderRef.out.ref = OUT
"""


@dataclass(frozen=True)
class NodeAddress:
    """One node: its id, from 1, and its two ports of 127.0.0.1."""

    node_id: int
    client_port: int
    controller_port: int


def server_properties(node: NodeAddress, nodes: Sequence[NodeAddress], data: Path) -> str:
    """Return `server.properties` for `node` of a KRaft cluster in which every node is voter and broker."""
    voters = ",".join(f"{peer.node_id}@127.0.0.1:{peer.controller_port}" for peer in nodes)
    replicas = min(3, len(nodes))
    in_sync = 2 if len(nodes) >= 3 else 1
    values: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": node.node_id,
        "controller.quorum.voters": voters,
        "controller.listener.names": "CONTROLLER",
        "listeners": f"CLIENT://127.0.0.1:{node.client_port},CONTROLLER://127.0.0.1:{node.controller_port}",
        "advertised.listeners": f"CLIENT://127.0.0.1:{node.client_port}",
        "inter.broker.listener.name": "CLIENT",
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": data,
        "auto.create.topics.enable": "false",
        "unclean.leader.election.enable": "false",
        "default.replication.factor": replicas,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": replicas,
        "offsets.topic.num.partitions": _INTERNAL_PARTITIONS,
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.num.partitions": _INTERNAL_PARTITIONS,
        "transaction.state.log.min.isr": in_sync,
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.num.partitions": _INTERNAL_PARTITIONS,
        "share.coordinator.state.topic.min.isr": in_sync,
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        # A killed broker must wait out its old registration before it may come back.
        "broker.session.timeout.ms": 3000,
        "log.cleaner.dedupe.buffer.size": 2_097_152,
        "num.network.threads": 2,
        "num.io.threads": 4,
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())
