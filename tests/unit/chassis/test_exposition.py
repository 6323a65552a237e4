"""Metrics over HTTP."""

from __future__ import annotations

import asyncio
import socket
import urllib.request

import pytest

from services.chassis.errors import SettingsError, UnavailableError
from services.chassis.exposition import Exposition, split_address
from services.chassis.metrics import Metrics


def _scrape(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


async def test_what_was_counted_can_be_scraped_until_the_stop() -> None:
    metrics = Metrics("test")
    metrics.upload_bytes.inc(7)
    exposition = Exposition(metrics.registry, "127.0.0.1:0")
    await exposition.start()
    port = exposition.port
    assert "palisade_upload_bytes_total 7.0" in await asyncio.to_thread(_scrape, port)
    await exposition.drain()
    await exposition.stop()
    with pytest.raises(OSError, match="refused"):
        await asyncio.to_thread(_scrape, port)


async def test_a_port_in_use_fails_the_start_by_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        exposition = Exposition(Metrics("test").registry, f"127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(UnavailableError, match="cannot serve metrics"):
            await exposition.start()
    await exposition.stop()


async def test_no_address_serves_nothing() -> None:
    exposition = Exposition(Metrics("test").registry, "")
    await exposition.start()
    assert exposition.port == 0
    await exposition.stop()


@pytest.mark.parametrize("address", ["9464", "host", "host:", ":9464", "host:port", "host:70000"])
def test_a_faulty_address_is_refused_with_its_variable(address: str) -> None:
    with pytest.raises(SettingsError, match="PALISADE_METRICS__ADDRESS"):
        split_address(address)


def test_ipv6_hosts_stand_in_brackets() -> None:
    assert split_address("[::]:9464") == ("::", 9464)
