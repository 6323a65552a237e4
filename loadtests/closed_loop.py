"""Callers that each send their next request when the last one is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import grpc

from loadtests.figures import Latency
from loadtests.methods import Method
from loadtests.server_process import ServerProcess

_DEADLINE_SECONDS = 30.0
_MAX_MESSAGE_BYTES = 16 * 1024 * 1024


@dataclass(slots=True)
class Load:
    """Rounds of calls against one server.

    Attributes:
        rates: items per CPU second of the server, one for each round.
        seconds: time from call to answer of every call.
    """

    rates: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The median round's."""
        return median(self.rates)

    def share_of(self, control: Load) -> float:
        """Of the control's rate: median over the rounds, each held against the one beside it."""
        return median(own / other for own, other in zip(self.rates, control.rates, strict=True))

    @property
    def latency(self) -> Latency:
        """Of all rounds."""
        return Latency.of(self.seconds)


class Target:
    """One method of one server; `load` gathers what was measured."""

    def __init__(self, server: ServerProcess, method: Method, *, callers: int) -> None:
        self.load = Load()
        self._server = server
        self._method = method
        self._callers = callers

    async def warm(self, requests: Sequence[Any]) -> None:
        """Send requests that are not counted."""
        async with self._channel() as channel:
            await _closed_loop(self._call(channel), requests, self._callers)

    async def round(self, requests: Sequence[Any], *, items: int) -> None:
        """Send the requests, which hold `items` items together, and add to the load."""
        async with self._channel() as channel:
            call = self._call(channel)
            await channel.channel_ready()
            before = self._server.cpu_seconds()
            self.load.seconds += await _closed_loop(call, requests, self._callers)
            self.load.rates.append(items / (self._server.cpu_seconds() - before))

    def _channel(self) -> grpc.aio.Channel:
        limits = [
            ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
            ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
        ]
        return grpc.aio.insecure_channel(self._server.address, options=limits)

    def _call(self, channel: grpc.aio.Channel) -> Any:
        # Answers are not parsed: the client's time is not measured, and the cores are shared.
        return channel.unary_unary(
            self._method.path, request_serializer=self._method.request.SerializeToString
        )


async def _closed_loop(call: Any, requests: Sequence[Any], callers: int) -> list[float]:
    """Send every request once, `callers` at a time; seconds of each call. The first error ends it."""
    waiting = iter(requests)
    seconds: list[float] = []

    async def caller() -> None:
        for request in waiting:
            began = time.perf_counter()
            await call(request, timeout=_DEADLINE_SECONDS)
            seconds.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(callers, len(requests))):
            group.create_task(caller())
    return seconds
