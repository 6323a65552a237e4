"""The metrics over HTTP, for Prometheus to scrape."""

from __future__ import annotations

import asyncio
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server

from services.chassis.errors import SettingsError, UnavailableError

VARIABLE = "PALISADE_METRICS__ADDRESS"


class Exposition:
    """Serves a registry on `host:port` (0: a free one) from a thread of its own; no address, no server."""

    name = "exposition"

    def __init__(self, registry: CollectorRegistry, address: str) -> None:
        """SettingsError where `address` is neither empty nor host:port."""
        self._registry = registry
        self._address = split_address(address) if address else None
        self._running: tuple[WSGIServer, Thread] | None = None

    @property
    def port(self) -> int:
        """The bound port; 0 where nothing is served."""
        return self._running[0].server_port if self._running else 0

    async def start(self) -> None:
        """Bind and serve; UnavailableError where the port cannot be had."""
        if self._address is None:
            return
        host, port = self._address
        try:
            self._running = start_http_server(port, addr=host, registry=self._registry)
        except OSError as error:
            raise UnavailableError(f"cannot serve metrics on {host}:{port}: {error.strerror}") from error

    async def drain(self) -> None:
        """The metrics of a drain are worth scraping too."""

    async def stop(self) -> None:
        """Close the port and end the thread."""
        running, self._running = self._running, None
        if running is not None:
            await asyncio.to_thread(_close, *running)


def split_address(address: str) -> tuple[str, int]:
    """`host:port`, the host of IPv6 in brackets; SettingsError for anything else."""
    host, separator, port = address.rpartition(":")
    if not separator or not host or not port.isdecimal() or int(port) > 65535:
        raise SettingsError(f"{VARIABLE}: {address!r} is not host:port")
    return host.strip("[]"), int(port)


def _close(server: WSGIServer, thread: Thread) -> None:
    server.shutdown()
    server.server_close()
    thread.join()
