"""The command's side of gRPC: one channel, deadlines, and statuses turned back into named errors."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import grpc

from services.chassis.errors import PalisadeError, SettingsError
from services.chassis.rpc.channel import ClientTls, open_channel
from services.chassis.rpc.status import REASON
from services.cli.options import ServerOptions

API_KEY_VARIABLE = "PALISADE_API_KEY"

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Connection:
    """An open channel, and the loop it lives in.

    `timeout` is the deadline of each call, in seconds.
    """

    runner: asyncio.Runner
    channel: grpc.aio.Channel
    timeout: float


@contextmanager
def connect(options: ServerOptions) -> Iterator[Connection]:
    """Open a channel; nothing connects before the first call. SettingsError for what cannot be used."""
    api_key = _api_key(options)
    tls = _tls(options)

    async def opened() -> grpc.aio.Channel:
        return open_channel(options.address, api_key=api_key, tls=tls)

    with asyncio.Runner() as runner:
        channel = runner.run(opened())
        try:
            yield Connection(runner, channel, options.timeout_seconds)
        finally:
            runner.run(channel.close())


async def answered(call: Awaitable[R]) -> R:
    """The response of a call, or the server's refusal as an error with the code it gave."""
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise named_error(error) from error


def named_error(error: grpc.aio.AioRpcError) -> PalisadeError:
    """The code is the service's own where it gave one, else the status' name."""
    reason = next((value for key, value in error.trailing_metadata() or () if key == REASON), None)
    code = reason if isinstance(reason, str) else error.code().name
    return PalisadeError(error.details() or error.code().name.lower(), code=code)


def _api_key(options: ServerOptions) -> str | None:
    if options.api_key_file is None:
        return os.environ.get(API_KEY_VARIABLE) or None
    return _read(options.api_key_file).decode("ascii", errors="replace").strip()


def _tls(options: ServerOptions) -> ClientTls | None:
    if options.ca_file is not None:
        return ClientTls(server_ca=_read(options.ca_file))
    return ClientTls() if options.tls else None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
