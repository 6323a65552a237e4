"""Metrics of this service alone, beside those every process has."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

from services.contracts.vocabulary import EventKind, Feature
from services.enforcement.access import Access


class EnforcementMetrics:
    """Labels never hold accounts, tenants or ids."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._oldest = Gauge(
            "palisade_outbox_oldest_undelivered_seconds",
            "Age of the oldest announcement not yet published; 0 when there is none.",
            registry=registry,
        )
        self._events = Counter(
            "palisade_enforcement_events_total", "Events appended, by kind.", ["kind"], registry=registry
        )
        self._access = Counter(
            "palisade_access_checks_total",
            "Access checks: by the standing, or as declared where it was not to be learnt.",
            ["feature", "allowed", "known"],
            registry=registry,
        )
        self._declare()

    def outbox_age(self, seconds: float) -> None:
        self._oldest.set(seconds)

    def appended(self, kind: EventKind) -> None:
        self._events.labels(kind.label).inc()

    def checked(self, feature: Feature, access: Access) -> None:
        known = str(access.level is not None).lower()
        self._access.labels(feature.label, str(access.allowed).lower(), known).inc()

    def _declare(self) -> None:
        """Series exist at 0, so that a rate over them is 0 and not absent."""
        for kind in EventKind:
            self._events.labels(kind.label)
        for feature in Feature:
            for allowed in ("true", "false"):
                for known in ("true", "false"):
                    self._access.labels(feature.label, allowed, known)
