"""The named errors. Each says to a caller what went wrong, in words that may leave the house."""

from __future__ import annotations


class PalisadeError(Exception):
    """Base of all named errors.

    `code` is machine-readable and stable; the message is for people and never holds
    prompt text, file content or a stack trace.
    """

    code = "INTERNAL"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInputError(PalisadeError):
    """The caller's input cannot be accepted as it is."""

    code = "INVALID_INPUT"


class TooLargeError(InvalidInputError):
    """The input is over a declared limit."""

    code = "TOO_LARGE"


class NotFoundError(PalisadeError):
    """What the caller speaks of is not known here."""

    code = "NOT_FOUND"


class ConflictError(PalisadeError):
    """The request contradicts what is already recorded."""

    code = "CONFLICT"


class UnauthenticatedError(PalisadeError):
    """No valid API key."""

    code = "UNAUTHENTICATED"


class PermissionDeniedError(PalisadeError):
    """The caller is known but may not do this."""

    code = "PERMISSION_DENIED"


class OverloadedError(PalisadeError):
    """A limit of this process is reached; try again after `retry_seconds`."""

    code = "OVERLOADED"

    def __init__(self, message: str, *, retry_seconds: float = 1.0) -> None:
        super().__init__(message)
        self.retry_seconds = retry_seconds


class UnavailableError(PalisadeError):
    """Something this service needs does not answer now; trying again may help."""

    code = "UNAVAILABLE"


class DeadlineError(PalisadeError):
    """The deadline cannot be met or has passed."""

    code = "DEADLINE_EXCEEDED"


class SettingsError(PalisadeError):
    """Settings that cannot be started with; the message names the variable."""

    code = "SETTINGS"


class PolicyError(PalisadeError):
    """A policy file that cannot be decided by."""

    code = "POLICY"
