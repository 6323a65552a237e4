"""A gRPC server in a process of its own, whose CPU time is then the server's alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import grpc

from services.demo.ports import free_ports

_ROOT = Path(__file__).parents[1]
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0


class ServerStartError(RuntimeError):
    """The server did not come up; the message holds the end of what it wrote."""


class ServerProcess:
    """A running server."""

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self.address = address
        self._process = process

    def cpu_seconds(self) -> float:
        """CPU time of all its threads so far, to the nanosecond (clock_getcpuclockid(3))."""
        return time.clock_gettime((~self._process.pid << 3) | 2)


@contextmanager
def serving(
    module: str, *arguments: str, settings: Mapping[str, str] | None = None
) -> Iterator[ServerProcess]:
    """Run `python -m module` until the block ends; `{address}` in arguments and settings is filled in.

    Settings of the environment are not passed on, so that figures do not depend on the shell.
    """
    address = f"127.0.0.1:{free_ports(1)[0]}"
    command = [sys.executable, "-m", module, *(one.format(address=address) for one in arguments)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PALISADE_")}
    environment |= {name: value.replace("{address}", address) for name, value in (settings or {}).items()}
    with tempfile.TemporaryFile() as output:
        process = _spawn(command, environment, output)
        try:
            _wait_until_up(process, address, output)
            yield ServerProcess(process, address)
        finally:
            _stop(process)


@contextmanager
def serving_service(name: str, settings: Mapping[str, str]) -> Iterator[ServerProcess]:
    """One of the services on its embedded profile, without authentication, broker or metrics port."""
    chassis = {
        "PALISADE_PROFILE": "embedded",
        "PALISADE_AUTH__MODE": "off",
        "PALISADE_GRPC__ADDRESS": "{address}",
        "PALISADE_METRICS__ADDRESS": "",
        "PALISADE_LOG__LEVEL": "error",
        "PALISADE_LIFECYCLE__PROPAGATION_SECONDS": "0",
    }
    with serving(f"services.{name}", settings={**chassis, **settings}) as server:
        yield server


def _spawn(
    command: Sequence[str], environment: Mapping[str, str], output: IO[bytes]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=_ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
    )


def _wait_until_up(process: subprocess.Popen[bytes], address: str, output: IO[bytes]) -> None:
    with grpc.insecure_channel(address) as channel:
        up = grpc.channel_ready_future(channel)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                up.result(timeout=0.2)
            except grpc.FutureTimeoutError:
                continue
            return
        up.cancel()
    output.seek(0)
    raise ServerStartError(f"nothing answers at {address}: {output.read()[-2000:].decode()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
