"""Every metric of a process, named once, in Prometheus' conventions (seconds, `_total`).

Labels never hold prompt text, account names or ids. The service itself is the scrape's `job`.
"""

from __future__ import annotations

from collections import Counter as TallyOf
from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

from services.chassis.signals import Outcome
from services.contracts.vocabulary import Category

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SLOW = (0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)


class Metrics:
    """The metrics of one process in a registry of their own."""

    def __init__(self, service: str, *, version: str = "0.1.0") -> None:
        self.registry = registry = CollectorRegistry(auto_describe=True)
        Info("palisade_build", "What runs here.", registry=registry).info(
            {"service": service, "version": version}
        )

        # RPC
        self.rpc_requests = Counter(
            "palisade_rpc_requests_total", "Calls answered.", ["method", "code"], registry=registry
        )
        self.rpc_seconds = Histogram(
            "palisade_rpc_duration_seconds",
            "Time from acceptance to answer.",
            ["method"],
            buckets=_FAST,
            registry=registry,
        )
        self.rpc_in_flight = Gauge(
            "palisade_rpc_in_flight", "Calls being served.", ["method"], registry=registry
        )
        self.upload_bytes = Counter(
            "palisade_upload_bytes_total", "Bytes received in uploads.", registry=registry
        )

        # What was decided
        self.decisions = Counter(
            "palisade_decisions_total",
            "Decisions by kind of item, category and the family of the rule that bit.",
            ["item", "decision", "category", "rule"],
            registry=registry,
        )
        self._decision_series: dict[tuple[str, ...], Counter] = {}
        self.absent_signals = Counter(
            "palisade_absent_signals_total",
            "Detectors that could not answer.",
            ["detector", "cause"],
            registry=registry,
        )
        self.model_seconds = Histogram(
            "palisade_model_duration_seconds",
            "Time of one inference.",
            ["model"],
            buckets=_FAST,
            registry=registry,
        )

        # Kafka stages
        self.stage_events = Counter(
            "palisade_stage_events_total",
            "Events completed: done or dead_letter.",
            ["stage", "outcome"],
            registry=registry,
        )
        self.stage_retries = Counter(
            "palisade_stage_retries_total", "Attempts after the first.", ["stage"], registry=registry
        )
        self.stage_in_flight = Gauge(
            "palisade_stage_in_flight", "Events in the window.", ["stage"], registry=registry
        )
        self.stage_seconds = Histogram(
            "palisade_stage_duration_seconds",
            "Time of handling, retries included.",
            ["stage"],
            buckets=_SLOW,
            registry=registry,
        )
        self.stage_queue_seconds = Histogram(
            "palisade_stage_queue_seconds",
            "Time from the broker's timestamp to the start of handling.",
            ["stage"],
            buckets=_SLOW,
            registry=registry,
        )
        self.stage_lag_seconds = Gauge(
            "palisade_stage_time_lag_seconds",
            "Age of the oldest event not yet completed; 0 when there is none.",
            ["stage", "topic"],
            registry=registry,
        )
        self.stage_stalled = Gauge(
            "palisade_stage_stalled",
            "1 where an assigned partition has events but makes no progress.",
            ["stage"],
            registry=registry,
        )
        self.dead_letters = Counter(
            "palisade_dead_letters_total",
            "Events that could not be handled, by reason.",
            ["stage", "reason"],
            registry=registry,
        )
        self.published = Counter(
            "palisade_published_total",
            "Records handed to the broker: acknowledged or failed.",
            ["topic", "outcome"],
            registry=registry,
        )
        self.outgoing_pending = Gauge(
            "palisade_outgoing_pending", "Decisions answered but not yet acknowledged.", registry=registry
        )

    def record_outcomes(self, item: str, outcomes: Sequence[Outcome]) -> None:
        """Count many decisions; an outcome that many share is counted at once."""
        different = {id(outcome): outcome for outcome in outcomes}
        for identity, times in TallyOf(map(id, outcomes)).items():
            self.record_outcome(item, different[identity], times)

    def record_outcome(self, item: str, outcome: Outcome, times: int = 1) -> None:
        """Count a decision under the category and rule family of each of its reasons."""
        decision = outcome.decision.label
        if outcome.reasons:
            for category, rule in {(one.category.label, _family(one.rule)) for one in outcome.reasons}:
                self._decision(item, decision, category, rule).inc(times)
        else:
            self._decision(item, decision, "none", "none").inc(times)
        for signal in outcome.absent:
            self.absent_signals.labels(signal.detector, signal.cause.label).inc(times)

    def _decision(self, *labels: str) -> Counter:
        """The series of these labels; kept, because looking one up costs more than counting."""
        series = self._decision_series.get(labels)
        if series is None:
            series = self._decision_series[labels] = self.decisions.labels(*labels)
        return series

    def declare(self, *, items: Iterable[str] = (), stages: Iterable[str] = ()) -> None:
        """Make series exist at 0, so that a rate over them is 0 and not absent."""
        for item in items:
            self.decisions.labels(item, "allow", "none", "none")
            for category in Category:
                self.decisions.labels(item, "block", category.label, "score")
        for stage in stages:
            for outcome in ("done", "dead_letter"):
                self.stage_events.labels(stage, outcome)
            self.stage_retries.labels(stage)
            self.stage_in_flight.labels(stage)
            self.stage_stalled.labels(stage)
            self.dead_letters.labels(stage, "UNEXPECTED")


def _family(rule: str) -> str:
    """`lexicon:sx-0042` counts as `lexicon`: rule ids would be too many series."""
    return rule.split(":", 1)[0]
