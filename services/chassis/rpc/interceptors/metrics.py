"""Counts and times every call, refused ones included."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc

from services.chassis.clock import Clock
from services.chassis.metrics import Metrics
from services.chassis.rpc.interceptors.chain import Incoming, Serve


class CallMetrics:
    """Calls by method and code, their duration, and those in flight."""

    def __init__(self, metrics: Metrics, clock: Clock) -> None:
        self._metrics = metrics
        self._clock = clock

    def wrap(self, method: str, serve: Serve) -> Serve:
        clock = self._clock
        in_flight = self._metrics.rpc_in_flight.labels(method)
        seconds = self._metrics.rpc_seconds.labels(method)
        requests = self._metrics.rpc_requests
        answered = requests.labels(method, grpc.StatusCode.OK.name)

        async def measured(request: Any, call: Incoming) -> Any:
            began = clock.monotonic()
            in_flight.inc()
            try:
                response = await serve(request, call)
            except BaseException as error:
                requests.labels(method, self._failure(call, error).name).inc()
                raise
            else:
                answered.inc()
                return response
            finally:
                in_flight.dec()
                seconds.observe(clock.monotonic() - began)

        return measured

    def _failure(self, call: Incoming, error: BaseException) -> grpc.StatusCode:
        if call.code is not None:
            return call.code
        if not isinstance(error, asyncio.CancelledError):
            return grpc.StatusCode.UNKNOWN
        # gRPC cancels the handler when the caller leaves and when the caller's deadline passes.
        late = 0 < call.deadline <= self._clock.monotonic()
        return grpc.StatusCode.DEADLINE_EXCEEDED if late else grpc.StatusCode.CANCELLED
