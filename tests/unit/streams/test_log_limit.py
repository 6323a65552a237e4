"""A broker that is down is told of, not told of twenty times a second."""

import logging

import pytest

from services.chassis.streams.log_limit import RepeatedMessageFilter, limit_kafka_logs


def test_repeats_are_held_back_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    logger = logging.getLogger("test.repeated")
    logger.addFilter(RepeatedMessageFilter(seconds=10, monotonic=lambda: now))
    for now in (0.0, 1.0, 2.0, 9.9, 10.0, 11.0):
        logger.error("no connection to %s", f"node at {now}")
    assert [record.getMessage() for record in caplog.records] == [
        "no connection to node at 0.0",
        "no connection to node at 10.0 (and 3 like it)",
    ]


def test_other_messages_are_not_held_back(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("test.different")
    logger.addFilter(RepeatedMessageFilter(seconds=10, monotonic=lambda: 0.0))
    logger.error("one")
    logger.error("other")
    logger.warning("one")
    assert len(caplog.records) == 3


def test_limiting_twice_is_limiting_once() -> None:
    logger = logging.getLogger("aiokafka.conn")
    before = list(logger.filters)
    try:
        for _ in range(2):
            limit_kafka_logs(seconds=10, monotonic=lambda: 0.0)
        assert sum(isinstance(present, RepeatedMessageFilter) for present in logger.filters) == 1
    finally:
        logger.filters[:] = before
