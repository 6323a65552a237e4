"""Which errors of a consumer are borne, and for how long."""

from __future__ import annotations

from typing import Final

import structlog
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnsupportedVersionError,
)

from services.chassis.streams.failures import ConsumerFailedError

RETRY_SECONDS: Final = 0.5

_FATAL: Final = (
    GroupAuthorizationFailedError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnsupportedVersionError,
)
# aiokafka reports refusals of a join once and then joins again, but repeats for ever that its
# coordination has died. So many in a row mean the latter.
_REFUSALS: Final = 20

_log = structlog.get_logger(__name__)


class Patience:
    """Bears what may pass. One for each consumer."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._refusals = 0

    def relieved(self) -> None:
        """The consumer works."""
        self._refusals = 0

    def bear(self, error: KafkaError) -> None:
        """Return where polling again after `RETRY_SECONDS` may help; ConsumerFailedError elsewhere."""
        if not error.retriable:
            self._refusals += 1
        if isinstance(error, _FATAL) or self._refusals >= _REFUSALS:
            raise ConsumerFailedError(f"polling failed: {type(error).__name__}: {error}") from error
        _log.warning("poll_failed", stage=self._stage, error=f"{type(error).__name__}: {error}")
