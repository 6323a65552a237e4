"""Notices a stage that is up but does not progress; the cure is a restart of the process."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from services.chassis.clock import Clock
from services.chassis.streams.drivers.driver import PartitionProgress, StreamDriver
from services.chassis.streams.failures import ConsumerFailedError

_CHECKS_PER_LIMIT = 6
_LONGEST_CHECK_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class ProgressWatchdog:
    """Stalled: a partition is assigned, events wait in it, none completed for `stalled_after_seconds`.

    A broker that does not answer is not a stall: restarting us would not mend it.
    """

    def __init__(self, stage: str, *, stalled_after_seconds: float, clock: Clock) -> None:
        self._stage = stage
        self._limit = stalled_after_seconds
        self._clock = clock
        # By partition: the completed offset, and since when it has not moved while events wait.
        self._seen: dict[int, tuple[int, float]] = {}
        self.stalled = False

    @property
    def check_seconds(self) -> float:
        """How often to check."""
        return min(self._limit / _CHECKS_PER_LIMIT, _LONGEST_CHECK_SECONDS)

    async def check(self, driver: StreamDriver) -> None:
        """Look once."""
        try:
            progress = await driver.progress()
        except ConsumerFailedError as error:
            _log.warning("progress_unknown", stage=self._stage, error=error.message)
            self._restart_waits()
            return
        self.judge(progress)

    def judge(self, progress: Mapping[int, PartitionProgress]) -> None:
        """Compare with what was seen before and set `stalled`."""
        now = self._clock.monotonic()
        seen: dict[int, tuple[int, float]] = {}
        for partition, state in progress.items():
            offset, since = self._seen.get(partition, (-1, now))
            waits = state.completed < state.end
            seen[partition] = (state.completed, since if waits and offset == state.completed else now)
        self._seen = seen
        stuck = sorted(partition for partition, (_, since) in seen.items() if now - since >= self._limit)
        if stuck and not self.stalled:
            _log.error("stage_stalled", stage=self._stage, partitions=stuck)
        self.stalled = bool(stuck)

    def _restart_waits(self) -> None:
        now = self._clock.monotonic()
        self._seen = {partition: (offset, now) for partition, (offset, _) in self._seen.items()}
