"""CheckAccess: the call that stands before every generation and upload."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import grpc
import uvloop

from loadtests.closed_loop import Target
from loadtests.echo import ECHO, echo_server
from loadtests.figures import Benchmark, Comparison, Figure, scaled
from loadtests.methods import CHECK_ACCESS
from loadtests.server_process import ServerProcess, serving_service
from services.contracts.common.v1 import common_pb2
from services.contracts.enforcement.v1 import enforcement_pb2 as pb
from services.contracts.enforcement.v1 import enforcement_pb2_grpc

_ROUNDS = 5
_CALLERS = 16
_KNOWN, _NEW = "accounts asked about before", "accounts never asked about"


def check_access(scale: float) -> list[Figure]:
    """CheckAccess on SQLite beside an echo of the same request."""
    return uvloop.run(_check_access(scale))


async def _check_access(scale: float) -> list[Figure]:
    calls = scaled(2_000, scale, least=2)
    known = [f"known-{number}" for number in range(scaled(500, scale, least=2))]
    with ExitStack() as stack:
        echo = Target(stack.enter_context(echo_server()), CHECK_ACCESS, callers=_CALLERS)
        server = stack.enter_context(_enforcement())
        targets = {name: Target(server, CHECK_ACCESS, callers=_CALLERS) for name in (_KNOWN, _NEW)}
        await _offend(server, known[::10])
        await targets[_KNOWN].warm(_requests(known))
        for number in range(
            scaled(_ROUNDS, scale)
        ):  # in turn, so that a busy moment of the machine strikes all alike
            asked = [known[call % len(known)] for call in range(calls)]
            await echo.round(_requests(asked), items=calls)
            await targets[_KNOWN].round(_requests(asked), items=calls)
            new = [f"new-{number}-{call}" for call in range(calls)]
            await targets[_NEW].round(_requests(new), items=calls)
    return [_figure(ECHO, echo, echo), *(_figure(name, target, echo) for name, target in targets.items())]


def _figure(name: str, target: Target, echo: Target) -> Figure:
    load = target.load
    comparisons = () if target is echo else (Comparison(ECHO, load.share_of(echo.load)),)
    return Figure(name, load.rate, "calls / CPU s", load.latency, comparisons=comparisons)


@contextmanager
def _enforcement() -> Iterator[ServerProcess]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'enforcement.db'}"
        with serving_service("enforcement", {"PALISADE_DATABASE__URL": url}) as server:
            yield server


async def _offend(server: ServerProcess, accounts: list[str]) -> None:
    """One violation for each account, so that standings are computed and not merely empty."""
    async with grpc.aio.insecure_channel(server.address) as channel:
        stub = enforcement_pb2_grpc.EnforcementServiceStub(channel)
        for account in accounts:
            request = pb.RecordViolationRequest(
                account=account,
                item=f"item-of-{account}",
                category=common_pb2.CATEGORY_VIOLENCE,
                severity=common_pb2.SEVERITY_LOW,
                decision=common_pb2.DECISION_BLOCK,
            )
            request.occurred_at.GetCurrentTime()
            await stub.RecordViolation(request)


def _requests(accounts: list[str]) -> list[pb.CheckAccessRequest]:
    return [pb.CheckAccessRequest(account=account, feature=pb.FEATURE_GENERATE) for account in accounts]


BENCHMARKS = (
    Benchmark(
        "access",
        "CheckAccess under 16 callers on SQLite; one known account in ten has a violation. A standing is "
        "remembered for a second at most (`PALISADE_ACCESS__FRESH_SECONDS`), then read again. "
        "Control: an echo of the same request on the services' own server.",
        check_access,
    ),
)
