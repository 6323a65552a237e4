"""Every call has an id: the caller's, or a new one; it is logged and sent back."""

from __future__ import annotations

import os
import re
from typing import Any

from structlog.contextvars import bind_contextvars

from services.chassis.rpc.interceptors.chain import Incoming, Serve

HEADER = "x-request-id"

# Ids go into logs and events, so that what a caller may put there is bounded.
_ACCEPTED = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}").fullmatch


class RequestId:
    """Takes `x-request-id` from the caller where it is usable, echoes it in the trailing metadata."""

    def wrap(self, method: str, serve: Serve) -> Serve:
        del method

        async def identified(request: Any, call: Incoming) -> Any:
            given = call.metadata.get(HEADER)
            call.request_id = given if isinstance(given, str) and _ACCEPTED(given) else os.urandom(16).hex()
            # Each call runs in a task with a context of its own: nothing to unbind.
            bind_contextvars(request_id=call.request_id)
            call.context.set_trailing_metadata(((HEADER, call.request_id),))
            return await serve(request, call)

        return identified
