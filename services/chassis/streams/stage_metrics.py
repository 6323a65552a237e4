"""The metrics of one stage, their labels bound once because they are touched for every event."""

from __future__ import annotations

from services.chassis.metrics import Metrics


class StageMetrics:
    """What the strategy and the watchdog of one stage report."""

    def __init__(self, metrics: Metrics, *, stage: str, topic: str) -> None:
        self._dead_letters = metrics.dead_letters
        self._stage = stage
        self._done = metrics.stage_events.labels(stage, "done")
        self._given_up = metrics.stage_events.labels(stage, "dead_letter")
        self._retries = metrics.stage_retries.labels(stage)
        self._in_flight = metrics.stage_in_flight.labels(stage)
        self._lag = metrics.stage_lag_seconds.labels(stage, topic)
        self._stalled = metrics.stage_stalled.labels(stage)
        self.observe_handling = metrics.stage_seconds.labels(stage).observe
        self.observe_queueing = metrics.stage_queue_seconds.labels(stage).observe

    def done(self) -> None:
        """Count an event that was handled."""
        self._done.inc()

    def given_up(self, reason: str) -> None:
        """Count an event that became a dead letter."""
        self._given_up.inc()
        self._dead_letters.labels(self._stage, reason).inc()

    def retried(self) -> None:
        """Count an attempt after the first."""
        self._retries.inc()

    def report(self, *, in_flight: int, lag_seconds: float, stalled: bool) -> None:
        """Set what is looked at from time to time rather than counted."""
        self._in_flight.set(in_flight)
        self._lag.set(lag_seconds)
        self._stalled.set(1 if stalled else 0)
