"""What a caller gets for a named error: status code, message and trailing metadata."""

from __future__ import annotations

import math
from dataclasses import dataclass

import grpc

from services.chassis.errors import (
    ConflictError,
    DeadlineError,
    InvalidInputError,
    NotFoundError,
    OverloadedError,
    PalisadeError,
    PermissionDeniedError,
    UnauthenticatedError,
    UnavailableError,
)
from services.chassis.rpc.retry_info import retry_details

REASON = "palisade-reason"
STATUS_DETAILS = "grpc-status-details-bin"
# Read by gRPC clients with a retry policy: how long to hold back.
PUSHBACK = "grpc-retry-pushback-ms"

_CODES: dict[type[PalisadeError], grpc.StatusCode] = {
    InvalidInputError: grpc.StatusCode.INVALID_ARGUMENT,
    NotFoundError: grpc.StatusCode.NOT_FOUND,
    ConflictError: grpc.StatusCode.FAILED_PRECONDITION,
    UnauthenticatedError: grpc.StatusCode.UNAUTHENTICATED,
    PermissionDeniedError: grpc.StatusCode.PERMISSION_DENIED,
    OverloadedError: grpc.StatusCode.RESOURCE_EXHAUSTED,
    UnavailableError: grpc.StatusCode.UNAVAILABLE,
    DeadlineError: grpc.StatusCode.DEADLINE_EXCEEDED,
}


@dataclass(frozen=True, slots=True)
class Status:
    """The end of a failed call."""

    code: grpc.StatusCode
    message: str
    metadata: tuple[tuple[str, str | bytes], ...]


def status_of(error: PalisadeError) -> Status:
    """The status for an error; one that is no caller's business is INTERNAL without detail."""
    code = next((_CODES[kind] for kind in type(error).__mro__ if kind in _CODES), None)
    if code is None:
        return unexpected()
    metadata: tuple[tuple[str, str | bytes], ...] = ((REASON, error.code),)
    if isinstance(error, OverloadedError):
        details = retry_details(code.value[0], error.message, error.retry_seconds)
        pushback = str(math.ceil(error.retry_seconds * 1000))
        metadata = (*metadata, (STATUS_DETAILS, details), (PUSHBACK, pushback))
    return Status(code, error.message, metadata)


def unexpected() -> Status:
    """INTERNAL, and nothing more."""
    return Status(grpc.StatusCode.INTERNAL, "internal error", ((REASON, PalisadeError.code),))
