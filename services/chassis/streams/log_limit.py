"""Keeps the Kafka clients from repeating themselves while a broker is down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

# A filter applies to the logger it is set on, not to that logger's children.
CHATTY: Final = (
    "aiokafka",
    "aiokafka.client",
    "aiokafka.cluster",
    "aiokafka.conn",
    "aiokafka.consumer.consumer",
    "aiokafka.consumer.fetcher",
    "aiokafka.consumer.group_coordinator",
    "aiokafka.producer.producer",
    "aiokafka.producer.sender",
)


class RepeatedMessageFilter(logging.Filter):
    """Lets one message of a kind through every `seconds`, and says how many it held back.

    Of a kind are messages of one logger, level and template, whatever their arguments.
    """

    def __init__(self, *, seconds: float, monotonic: Callable[[], float]) -> None:
        super().__init__()
        self._seconds = seconds
        self._monotonic = monotonic
        self._last: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log the record."""
        kind = (record.name, record.levelno, str(record.msg))
        now = self._monotonic()
        last, held_back = self._last.get(kind, (-self._seconds, 0))
        if now - last < self._seconds:
            self._last[kind] = (last, held_back + 1)
            return False
        self._last[kind] = (now, 0)
        if held_back:
            record.msg = f"{record.msg} (and {held_back} like it)"
        return True


def limit_kafka_logs(*, seconds: float, monotonic: Callable[[], float]) -> None:
    """Limit aiokafka's loggers; calling it again changes nothing."""
    for name in CHATTY:
        logger = logging.getLogger(name)
        if not any(isinstance(present, RepeatedMessageFilter) for present in logger.filters):
            logger.addFilter(RepeatedMessageFilter(seconds=seconds, monotonic=monotonic))
