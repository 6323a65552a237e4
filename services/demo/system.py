"""All five services in one place, by default on an embedded broker, SQLite and a local object folder."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from services.chassis.settings import ObjectSettings
from services.chassis.streams import topics
from services.chassis.streams.embedded import EmbeddedBroker
from services.demo.ports import free_ports
from services.demo.processes import ServiceProcess

SERVICES: Final = ("prompt_filter", "image_classifier", "joint_scorer", "media_scanner", "enforcement")
_FIRST_GRPC_PORT = 50051
_FIRST_METRICS_PORT = 9464
_PARTITIONS = 4


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each service answers, by its name."""

    grpc: Mapping[str, str]
    metrics: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What the system stands on; what is left empty is embedded.

    Attributes:
        bootstrap_servers: a broker that has every topic and its dead letters.
        databases: SQLAlchemy's addresses for `joint_scorer` and `enforcement`.
        objects: where item bytes lie.
    """

    bootstrap_servers: str = ""
    databases: Mapping[str, str] = field(default_factory=dict)
    objects: ObjectSettings = field(default_factory=ObjectSettings)


class LocalSystem:
    """Starts and ends everything; state lies below `home`, where `backing` does not hold it.

    Attributes:
        processes: the services by name, once started; each may be stopped and started again.
    """

    def __init__(self, home: Path, addresses: Addresses, backing: Backing | None = None) -> None:
        self.home = home
        self.addresses = addresses
        self.bootstrap_servers = ""
        self.processes: Mapping[str, ServiceProcess] = {}
        self._backing = backing or Backing()
        self._running = AsyncExitStack()

    @property
    def objects(self) -> ObjectSettings:
        """The object store that the services share."""
        embedded = ObjectSettings(url=f"file://{self.home.resolve()}/objects")
        return self._backing.objects if self._backing.objects.url else embedded

    async def start(self, progress: Callable[[str], None]) -> None:
        """Return when every service serves; `progress` is told each step in words."""
        self.home.mkdir(parents=True, exist_ok=True)
        _write_once(self.home / "watermark.key", lambda: secrets.token_hex(32).encode())
        try:
            self.bootstrap_servers = self._backing.bootstrap_servers or self._embedded_broker(progress)
            self.processes = {name: self._process(name) for name in SERVICES}
            progress(f"starting {', '.join(SERVICES)}")
            self._running.push_async_callback(_stop_all, self.processes.values())
            for process in self.processes.values():
                await process.start()
            for process in self.processes.values():
                await process.serving()
                progress(f"{process.name} serves on {process.address}")
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Drain every service, then stop the broker."""
        await self._running.aclose()

    def _embedded_broker(self, progress: Callable[[str], None]) -> str:
        progress("starting the embedded broker")
        broker = EmbeddedBroker.start(topics.with_dead_letters(_PARTITIONS))
        self._running.callback(broker.stop)
        return broker.bootstrap_servers

    def _process(self, name: str) -> ServiceProcess:
        return ServiceProcess(
            name,
            address=self.addresses.grpc[name],
            environment=self.environment(name),
            log=self.home / f"{name}.log",
        )

    def environment(self, name: str) -> dict[str, str]:
        """The settings of one service in this system."""
        shared = {
            "PALISADE_PROFILE": "embedded",
            "PALISADE_AUTH__MODE": "off",
            "PALISADE_GRPC__ADDRESS": self.addresses.grpc[name],
            "PALISADE_GRPC__REFLECTION": "true",
            "PALISADE_METRICS__ADDRESS": self.addresses.metrics[name],
            "PALISADE_KAFKA__BOOTSTRAP_SERVERS": self.bootstrap_servers,
            "PALISADE_KAFKA__SESSION_TIMEOUT_SECONDS": "3",
            "PALISADE_LIFECYCLE__PROPAGATION_SECONDS": "0",
        }
        return {**shared, **_object_variables(self.objects), **self._own(name)}

    def _own(self, name: str) -> dict[str, str]:
        match name:
            case "enforcement":
                return {"PALISADE_DATABASE__URL": self._database(name)}
            case "joint_scorer":
                return {"PALISADE_JOINT__DATABASE_URL": self._database(name)}
            case "media_scanner":
                return {"PALISADE_SCANNER__WATERMARK_KEY": str(self.home.resolve() / "watermark.key")}
            case _:
                return {}

    def _database(self, name: str) -> str:
        embedded = f"sqlite+aiosqlite:///{self.home.resolve()}/{name}.db"
        return self._backing.databases.get(name, embedded)


def _object_variables(objects: ObjectSettings) -> dict[str, str]:
    plain = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in objects
    }
    return {f"PALISADE_OBJECTS__{name.upper()}": value for name, value in plain.items()}


async def _stop_all(processes: Iterable[ServiceProcess]) -> None:
    await asyncio.gather(*(process.stop() for process in processes))


def usual_addresses() -> Addresses:
    """Ports 50051 to 50055 and 9464 to 9468; a port that is taken gives way to a free one."""
    return Addresses(
        {name: _address(_FIRST_GRPC_PORT + number) for number, name in enumerate(SERVICES)},
        {name: _address(_FIRST_METRICS_PORT + number) for number, name in enumerate(SERVICES)},
    )


def free_addresses() -> Addresses:
    """Whatever ports are free."""
    ports = iter(free_ports(2 * len(SERVICES)))
    grpc, metrics = ({name: f"127.0.0.1:{next(ports)}" for name in SERVICES} for _ in range(2))
    return Addresses(grpc, metrics)


def _address(port: int) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            (port,) = free_ports(1)
        return f"127.0.0.1:{port}"


def _write_once(path: Path, content: Callable[[], bytes]) -> None:
    if not path.exists():
        path.write_bytes(content())
