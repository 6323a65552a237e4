"""All five services in one place: embedded broker, SQLite and a local object folder."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.chassis.streams import topics
from services.chassis.streams.embedded import EmbeddedBroker
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


class LocalSystem:
    """Starts and ends everything; state lies below `home`."""

    def __init__(self, home: Path, addresses: Addresses) -> None:
        self.home = home
        self.addresses = addresses
        self.bootstrap_servers = ""
        self._running = AsyncExitStack()

    async def start(self, progress: Callable[[str], None]) -> None:
        """Return when every service serves; `progress` is told each step in words."""
        self.home.mkdir(parents=True, exist_ok=True)
        _write_once(self.home / "watermark.key", lambda: secrets.token_hex(32).encode())
        try:
            progress("starting the embedded broker")
            broker = EmbeddedBroker.start(topics.with_dead_letters(_PARTITIONS))
            self._running.callback(broker.stop)
            self.bootstrap_servers = broker.bootstrap_servers
            processes = [self._process(name) for name in SERVICES]
            progress(f"starting {', '.join(SERVICES)}")
            for process in processes:
                await process.start()
            self._running.push_async_callback(_stop_all, processes)
            for process in processes:
                await process.serving()
                progress(f"{process.name} serves on {process.address}")
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Drain every service, then stop the broker."""
        await self._running.aclose()

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
            "PALISADE_OBJECTS__URL": f"file://{self.home.resolve()}/objects",
            "PALISADE_LIFECYCLE__PROPAGATION_SECONDS": "0",
        }
        return {**shared, **self._own(name)}

    def _own(self, name: str) -> dict[str, str]:
        match name:
            case "enforcement":
                return {"PALISADE_DATABASE__URL": f"sqlite+aiosqlite:///{self.home.resolve()}/enforcement.db"}
            case "joint_scorer":
                return {"PALISADE_JOINT__DATABASE_URL": f"sqlite+aiosqlite:///{self.home.resolve()}/joint.db"}
            case "media_scanner":
                return {"PALISADE_SCANNER__WATERMARK_KEY": str(self.home.resolve() / "watermark.key")}
            case _:
                return {}


async def _stop_all(processes: list[ServiceProcess]) -> None:
    await asyncio.gather(*(process.stop() for process in processes))


def usual_addresses() -> Addresses:
    """Ports 50051 to 50055 and 9464 to 9468; a port that is taken gives way to a free one."""
    return Addresses(
        {name: _address(_FIRST_GRPC_PORT + number) for number, name in enumerate(SERVICES)},
        {name: _address(_FIRST_METRICS_PORT + number) for number, name in enumerate(SERVICES)},
    )


def free_addresses() -> Addresses:
    """Whatever ports are free."""
    return Addresses({name: _address(0) for name in SERVICES}, {name: _address(0) for name in SERVICES})


def _address(port: int) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def _write_once(path: Path, content: Callable[[], bytes]) -> None:
    if not path.exists():
        path.write_bytes(content())
