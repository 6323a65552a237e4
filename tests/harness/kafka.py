"""Real Apache Kafka: one or three KRaft nodes on free ports in a temporary folder."""

import base64
import shutil
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

from services.demo.ports import free_ports
from tests.harness.availability import Machine, ServerMissingError
from tests.harness.kafka_jars import kafka_jars
from tests.harness.kafka_java import KafkaJava
from tests.harness.kafka_properties import LOG_SETTINGS, NodeAddress, server_properties
from tests.harness.kafka_topics import create_topics
from tests.harness.lock import exclusive
from tests.harness.process import ServerProcess

_FORMAT_SECONDS = 60.0
_START_SECONDS = 90.0
_STOP_SECONDS = 60.0
_READY = r"Kafka Server started"


class KafkaCluster:
    """A cluster of `nodes` processes, numbered from 1, each broker and controller at once.

    The calls block: in a coroutine use `asyncio.to_thread`. A node that is killed keeps its data and
    its ports, so that `restart` is the same node coming back.
    """

    def __init__(self, java: KafkaJava, nodes: int) -> None:
        """Lay out the configuration; nothing runs before `start`."""
        ports = free_ports(2 * nodes)
        self._addresses = [
            NodeAddress(index + 1, ports[2 * index], ports[2 * index + 1]) for index in range(nodes)
        ]
        self._java = java
        self._running: dict[int, ServerProcess] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="kafka-"))
        self._log_settings = self._folder / "log4j2.properties"
        self._log_settings.write_text(LOG_SETTINGS)
        for address in self._addresses:
            text = server_properties(address, self._addresses, self._folder / f"data-{address.node_id}")
            self._properties(address.node_id).write_text(text)

    @classmethod
    def on(cls, machine: Machine, nodes: int = 1) -> Self:
        """Return a cluster for this machine, fetching Kafka's jars if they are not cached.

        Raises `ServerMissingError` without a JDK, `JarsUnavailableError` when Maven fails.
        """
        if machine.java is None:
            raise ServerMissingError("JDK 17+ not found")
        java = KafkaJava(machine.java, kafka_jars(machine))
        cls._record_class_data(java)
        return cls(java, nodes)

    @property
    def bootstrap_servers(self) -> str:
        """Comma-separated `host:port` of all nodes, killed ones included."""
        return ",".join(f"127.0.0.1:{address.client_port}" for address in self._addresses)

    @property
    def node_ids(self) -> list[int]:
        """The numbers of all nodes."""
        return [address.node_id for address in self._addresses]

    def start(self) -> None:
        """Format all nodes at once, then start all; returns when each accepts clients."""
        try:
            self._format()
            for node_id in self.node_ids:
                self._launch(node_id)
            for server in self._running.values():
                server.wait_for_line(_READY, _START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def kill(self, node_id: int) -> None:
        """Kill one node as a crash would."""
        self._running.pop(node_id).kill()

    def shut_down(self, node_id: int) -> None:
        """End one node in order, as a deploy would."""
        self._running.pop(node_id).stop(_STOP_SECONDS)

    def restart(self, node_id: int) -> None:
        """Bring a node back, stopping it in order first if it runs; returns when it accepts clients."""
        if node_id in self._running:
            self.shut_down(node_id)
        self._launch(node_id).wait_for_line(_READY, _START_SECONDS)

    def stop(self, keep_logs: Path | None = None) -> None:
        """Kill all nodes and remove their data, copying the logs to `keep_logs` first if given."""
        self.kill_all()
        if keep_logs is not None:
            keep_logs.mkdir(parents=True, exist_ok=True)
            for log in self._folder.glob("*.log"):
                shutil.copy(log, keep_logs)
        shutil.rmtree(self._folder, ignore_errors=True)

    def kill_all(self) -> None:
        """Kill every node; the data is thrown away, so an orderly end would only cost time."""
        for node_id in list(self._running):
            self.kill(node_id)

    async def create_topics(self, topics: Mapping[str, int]) -> None:
        """Create topics (name to partition count) on all nodes and wait until each partition has a leader."""
        await create_topics(self.bootstrap_servers, topics, replicas=min(3, len(self._addresses)))

    @classmethod
    def _record_class_data(cls, java: KafkaJava) -> None:
        with exclusive(java.archive.with_suffix(".lock")):
            if java.archive.exists():
                return
            fresh = java.archive.with_suffix(".new")
            node = cls(replace(java, recording=fresh), 1)
            try:
                node.start()
                node.shut_down(1)
                # Kept whole or not at all; without it brokers start too, only later.
                if fresh.exists():
                    fresh.replace(java.archive)
            finally:
                node.stop()

    def _format(self) -> None:
        cluster_id = _cluster_id()
        runs = [
            ServerProcess.start(
                f"kafka format {node_id}",
                self._java.storage_tool(
                    *("format", "--cluster-id", cluster_id, "--config", str(self._properties(node_id)))
                ),
                log=self._folder / f"format-{node_id}.log",
            )
            for node_id in self.node_ids
        ]
        for run in runs:
            run.wait(_FORMAT_SECONDS)

    def _launch(self, node_id: int) -> ServerProcess:
        command = self._java.server(self._properties(node_id), log_settings=self._log_settings)
        log = self._folder / f"node-{node_id}.log"
        server = ServerProcess.start(f"kafka node {node_id}", command, log=log)
        self._running[node_id] = server
        return server

    def _properties(self, node_id: int) -> Path:
        return self._folder / f"node-{node_id}.properties"


def _cluster_id() -> str:
    # Kafka's own form of an id; one with a leading dash would be read as an option.
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text
