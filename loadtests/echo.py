"""The control: the methods under test, each answering with its own request.

    python -m loadtests.echo --address 127.0.0.1:50099 [--bare]

By default the server is the services' own, with all its interceptors; `--bare` is grpc.aio alone.
Both run on uvloop, parse the request and serialise the answer, as every method does.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AbstractContextManager
from typing import Any

import grpc
import uvloop

from loadtests.methods import METHODS, Method
from loadtests.server_process import ServerProcess, serving
from services.chassis.clock import SystemClock
from services.chassis.metrics import Metrics
from services.chassis.rpc.server import GrpcServer, RpcService
from services.chassis.settings import AuthSettings, GrpcSettings

BARE, ECHO = "bare echo", "echo"


def echo_server(*, bare: bool = False) -> AbstractContextManager[ServerProcess]:
    """The echo in a process of its own."""
    return serving("loadtests.echo", "--address", "{address}", *(["--bare"] if bare else []))


async def _echo(request: Any, context: Any) -> Any:
    del context
    return request


def _handler(method: Method) -> grpc.GenericRpcHandler:
    handler = grpc.unary_unary_rpc_method_handler(
        _echo,
        request_deserializer=method.request.FromString,
        response_serializer=method.request.SerializeToString,
    )
    return grpc.method_handlers_generic_handler(method.service, {method.name: handler})


def _register(server: grpc.aio.Server) -> None:
    server.add_generic_rpc_handlers([_handler(method) for method in METHODS])


async def _serve(address: str, *, bare: bool) -> None:
    server = _bare(address) if bare else _chassis(address)
    await server.start()
    await asyncio.Event().wait()


def _bare(address: str) -> grpc.aio.Server:
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    _register(server)
    server.add_insecure_port(address)
    return server


def _chassis(address: str) -> GrpcServer:
    names = sorted({method.service for method in METHODS})
    # One registration serves them all; the names say whose methods the interceptors enclose.
    services = [RpcService(name, _register if name == names[0] else _nothing) for name in names]
    return GrpcServer(
        GrpcSettings(address=address),
        auth=AuthSettings(mode="off"),
        services=services,
        metrics=Metrics("echo"),
        clock=SystemClock(),
    )


def _nothing(server: grpc.aio.Server) -> None:
    del server


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--address", required=True)
    parser.add_argument("--bare", action="store_true")
    arguments = parser.parse_args()
    uvloop.run(_serve(arguments.address, bare=arguments.bare))


if __name__ == "__main__":
    main()
