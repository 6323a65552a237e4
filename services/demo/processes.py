"""One service as a child process: started, awaited until it serves, ended with a drain."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.chassis.errors import UnavailableError
from services.chassis.rpc.channel import open_channel

_POLL_SECONDS = 0.1
_START_SECONDS = 90.0
_DRAIN_SECONDS = 30.0


class StartError(UnavailableError):
    """A service did not come up; its last log lines are in the message."""

    code = "START_FAILED"


class ServiceProcess:
    """`python -m services.<name>` with its own environment and log file."""

    def __init__(self, name: str, *, address: str, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.address = address
        self._environment = environment
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Spawn; returns at once. See `serving`."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("PALISADE_")}
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                f"services.{self.name}",
                env={**inherited, **self._environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                # Ctrl-C reaches the launcher alone, which then ends its children in order.
                start_new_session=True,
            )

    async def serving(self) -> None:
        """Return once health says SERVING; StartError where the process ends or takes too long."""
        async with open_channel(self.address) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_START_SECONDS):
                    while self._alive():
                        if await _is_serving(health):
                            return
                        await asyncio.sleep(_POLL_SECONDS)
        raise StartError(f"{self.name} did not start:\n{self._last_lines()}")

    async def stop(self) -> int | None:
        """SIGTERM and wait for the drain, SIGKILL where it does not end; its exit status.

        None where it was never started; where it had ended already, how.
        """
        process = self._process
        if process is None:
            return None
        if process.returncode is not None:
            return process.returncode
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                return await process.wait()
        except TimeoutError:
            process.kill()
            return await process.wait()

    def _alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def _last_lines(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])


async def _is_serving(health: Any) -> bool:
    try:
        answer = await health.Check(health_pb2.HealthCheckRequest(), timeout=2)
    except grpc.aio.AioRpcError:
        return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
