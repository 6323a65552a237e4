"""While a server drains, calls that arrive are told to go elsewhere."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import UnavailableError
from services.chassis.rpc.interceptors.chain import Incoming, Serve


class DrainGate:
    """Refuses calls with UNAVAILABLE once it is closed.

    gRPC cancels calls that wait for their handler when a server stops (grpc/grpc#41785); refusing
    them for a moment before leaves hardly any to cancel.
    """

    def __init__(self) -> None:
        self._closed = False

    def close(self) -> None:
        """From now on refuse."""
        self._closed = True

    def wrap(self, method: str, serve: Serve) -> Serve:
        del method

        async def gated(request: Any, call: Incoming) -> Any:
            if self._closed:
                raise UnavailableError("this server is draining; another one answers")
            return await serve(request, call)

        return gated
