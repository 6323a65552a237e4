"""Structured logs on stderr, from structlog and the standard library alike, without what people wrote."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from services.chassis.errors import PalisadeError
from services.chassis.settings import LogSettings

WITHHELD = "<withheld>"

# Keys under which item content has been seen to reach logs; the value is dropped, the key stays.
FORBIDDEN_KEYS = frozenset(
    {
        *("text", "negative_text", "prompt", "prompts", "caption", "query"),
        *("content", "chunk", "body", "payload", "data", "value", "bytes"),
        *("image", "picture", "pixels", "upload", "request", "response", "message_bytes"),
        *("authorization", "api_key", "password", "secret", "token"),
    }
)


def configure_logs(settings: LogSettings, *, service: str) -> None:
    """Route every log record of this process through one handler; call once, at the start."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _ServiceName(service),
        withhold,
        render_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())


def withhold(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace the values of forbidden keys, and all bytes, at any depth."""
    del logger, method
    return {key: _withheld(key, value) for key, value in event.items()}


def render_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Turn `exc_info` into a stack of code places and exception types.

    Messages are kept for named errors only: those of others may quote the input that caused them.
    """
    del logger, method
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = describe(error)
    return event


def describe(error: BaseException) -> str:
    """The stack of an exception and of what it was raised from, the cause first."""
    stack = "".join(traceback.format_tb(error.__traceback__))
    said = f": {error.message}" if isinstance(error, PalisadeError) else ""
    own = f"{stack}{type(error).__qualname__}{said}"
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{describe(before)}\nled to\n{own}" if before is not None else own


def _withheld(key: str, value: Any) -> Any:
    if key.lower() in FORBIDDEN_KEYS or isinstance(value, bytes | bytearray | memoryview):
        return WITHHELD
    if isinstance(value, Mapping):
        return {str(name): _withheld(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_withheld("", item) for item in value]
    return value


def _renderer(settings: LogSettings) -> Processor:
    if settings.format == "console":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    # repr() of an unknown object may show its content; its type is enough.
    return structlog.processors.JSONRenderer(default=lambda value: f"<{type(value).__qualname__}>")


class _ServiceName:
    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        del logger, method
        event.setdefault("service", self._service)
        return event
