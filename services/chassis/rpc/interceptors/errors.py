"""Named errors become a status with a reason; anything else becomes INTERNAL without detail."""

from __future__ import annotations

from typing import Any

import grpc
import structlog

from services.chassis.errors import DeadlineError, PalisadeError
from services.chassis.rpc.interceptors.chain import Incoming, Serve
from services.chassis.rpc.status import Status, status_of, unexpected

_log = structlog.get_logger(__name__)


class ErrorMapping:
    """Ends failed calls. Every interceptor after this one, and every handler, may raise named errors."""

    def wrap(self, method: str, serve: Serve) -> Serve:
        async def mapped(request: Any, call: Incoming) -> Any:
            try:
                return await serve(request, call)
            except grpc.aio.AbortError:
                raise  # already answered
            except PalisadeError as error:
                status = status_of(error)
                if status.code is grpc.StatusCode.INTERNAL:
                    _log.exception("call_failed", method=method)
            except TimeoutError:
                status = status_of(DeadlineError("the deadline has passed"))
            except Exception:  # noqa: BLE001 - boundary: a caller must learn nothing of our insides
                _log.exception("call_failed", method=method)
                status = unexpected()
            return await _end(call, status)

        return mapped


async def _end(call: Incoming, status: Status) -> None:
    call.code = status.code
    # An abort replaces what was set to be sent behind the answer, so it is repeated here.
    trailing = (*(call.context.trailing_metadata() or ()), *status.metadata)
    await call.context.abort(status.code, status.message, trailing)
