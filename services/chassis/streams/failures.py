"""Why a stage stopped itself. Each leaves its events uncompleted, so that nothing is lost."""

from __future__ import annotations

from services.chassis.errors import PalisadeError, UnavailableError


class StageStoppedError(PalisadeError):
    """Too many events in a row, or too large a share, went to the dead letters."""

    code = "STAGE_STOPPED"


class DeadLetterFailedError(UnavailableError):
    """An event could be neither handled nor put among the dead letters."""

    code = "DEAD_LETTER_FAILED"


class ConsumerFailedError(UnavailableError):
    """The Kafka client of a stage gave up; restarting the process is the cure."""

    code = "CONSUMER_FAILED"


class BrokerUnavailableError(UnavailableError):
    """No broker answered within the time allowed for the start."""

    code = "BROKER_UNAVAILABLE"
