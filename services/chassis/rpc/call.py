"""What a handler may know about the call it serves."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

EMBEDDED_TENANT = "local"
"""The tenant of every call where authentication is off."""


@dataclass(frozen=True, slots=True)
class Call:
    """The current call.

    Attributes:
        deadline: on the service clock's monotonic scale, seconds; pass what is left on.
    """

    request_id: str
    tenant: str
    roles: frozenset[str]
    deadline: float


_current: ContextVar[Call] = ContextVar("palisade_call")


def current_call() -> Call:
    """The call being served; LookupError outside of one."""
    return _current.get()


def enter_call(call: Call) -> None:
    """Make this the current call of the task; each call is served by a task of its own."""
    _current.set(call)
