"""What people wrote never reaches the log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from services.chassis.errors import InvalidInputError
from services.chassis.logs import FORBIDDEN_KEYS, WITHHELD, configure_logs, withhold
from services.chassis.settings import LogSettings

SENTINEL = "sentinel-value"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    configure_logs(LogSettings(level="debug"), service="test")
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def _last(log: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(log.getvalue().splitlines()[-1])
    return line


def _fail(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("key", sorted(FORBIDDEN_KEYS))
def test_forbidden_keys_are_withheld(log: io.StringIO, key: str) -> None:
    structlog.get_logger().info("checked", **{key: SENTINEL, "size": 3})
    assert SENTINEL not in log.getvalue()
    line = _last(log)
    assert (line[key], line["size"], line["event"]) == (WITHHELD, 3, "checked")


def test_nested_values_and_bytes_are_withheld() -> None:
    event = withhold(None, "info", {"item": {"Text": SENTINEL, "n": [b"raw", 1]}, "digest": b"raw"})
    assert event == {"item": {"Text": WITHHELD, "n": [WITHHELD, 1]}, "digest": WITHHELD}


def test_standard_library_records_take_the_same_way(log: io.StringIO) -> None:
    logging.getLogger("somewhere").warning("seen %d", 3, extra={"prompt": SENTINEL})
    line = _last(log)
    assert (line["event"], line["prompt"], line["level"]) == ("seen 3", WITHHELD, "warning")


def test_a_stack_is_logged_without_the_message_of_a_foreign_error(log: io.StringIO) -> None:
    try:
        _fail(KeyError(SENTINEL))
    except KeyError:
        structlog.get_logger().exception("failed")
    line = str(_last(log)["exception"])
    assert "KeyError" in line
    assert "test_logs.py" in line
    # The stack shows the source line, which names the variable and not its value.
    assert f"'{SENTINEL}'" not in line


def test_a_named_error_keeps_its_message_and_its_cause(log: io.StringIO) -> None:
    try:
        try:
            _fail(ValueError(SENTINEL))
        except ValueError as error:
            raise InvalidInputError("size is missing") from error
    except InvalidInputError:
        structlog.get_logger().exception("failed")
    line = str(_last(log)["exception"])
    assert "InvalidInputError: size is missing" in line
    assert "ValueError\nled to" in line


def test_the_request_id_is_on_every_line(log: io.StringIO) -> None:
    with bound_contextvars(request_id="r-1"):
        structlog.get_logger().info("checked")
    assert _last(log)["request_id"] == "r-1"
    assert _last(log)["service"] == "test"


def test_lines_below_the_level_are_not_written(log: io.StringIO) -> None:
    configure_logs(LogSettings(level="error"), service="test")
    structlog.get_logger("quiet").info("checked")
    assert log.getvalue() == ""
