"""A bound on calls in flight, so that overload is answered at once instead of by everyone's timeout."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import OverloadedError
from services.chassis.rpc.interceptors.chain import Incoming, Serve


class ConcurrencyLimit:
    """Refuses the call after the `limit`-th with OverloadedError and a time to try again."""

    def __init__(self, limit: int, *, retry_seconds: float = 0.5) -> None:
        self._limit = limit
        self._retry_seconds = retry_seconds
        self._in_flight = 0

    def wrap(self, method: str, serve: Serve) -> Serve:
        del method

        async def limited(request: Any, call: Incoming) -> Any:
            if self._in_flight >= self._limit:
                raise OverloadedError(
                    f"{self._limit} calls are being served", retry_seconds=self._retry_seconds
                )
            self._in_flight += 1
            try:
                return await serve(request, call)
            finally:
                self._in_flight -= 1

        return limited
