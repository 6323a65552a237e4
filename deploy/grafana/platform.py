"""For a social platform: its uploads, what scanning found, and what accounts may do."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.board import Section, board
from deploy.grafana.panels import Limit, Query, graph, quantiles

_RATE = "[$__rate_interval]"
_SCANS = 'method=~".*/(ScanMedia|ScanObject)"'
_SCANNER = 'job="media_scanner"'


def platform() -> Dashboard:
    return board(
        "platform",
        uid="platform",
        reader="For a platform whose users upload: scans, what they rest on, and enforcement.",
        sections=[_uploads(), _scans(), _accounts()],
    )


def _uploads() -> Section:
    received = Query(f"sum by (job) (rate(palisade_upload_bytes_total{_RATE}))", "{{job}}")
    scans = Query(
        f"sum by (method, code) (rate(palisade_rpc_requests_total{{{_SCANS}}}{_RATE}))", "{{method}} {{code}}"
    )
    queued = Query(f"max by (topic) (palisade_stage_time_lag_seconds{{{_SCANNER}}})", "{{topic}}")
    latency = quantiles("palisade_rpc_duration_seconds", _SCANS, "method")
    return Section(
        "Uploads",
        [
            graph("Received", received, unit="Bps", why="Bytes of uploads.", stacked=True),
            graph("Scans", scans, unit="reqps", why="Anything but OK was no verdict."),
            graph("Latency", *latency, unit="s", why="The upload's own time included.", limit=Limit(5)),
            graph("Queued uploads", queued, unit="s", why="Age of the oldest.", limit=Limit(30)),
        ],
    )


def _scans() -> Section:
    decided = f'palisade_decisions_total{{item="media"}}{_RATE}'
    decisions = Query(f"sum by (decision) (rate({decided}))", "{{decision}}")
    rules = Query(f"sum by (category, rule) (rate({decided}))", "{{category}}: {{rule}}")
    absent = Query(
        f"sum by (detector, cause) (rate(palisade_absent_signals_total{{{_SCANNER}}}{_RATE}))",
        "{{detector}}: {{cause}}",
    )
    return Section(
        "Scans",
        [
            graph("Decisions", decisions, unit="cps", why="Once for each reason.", stacked=True),
            graph("Why", rules, unit="cps", why="Category, and family of the rule."),
            graph(
                "Without", absent, unit="cps", why="Detectors that could not answer: absent, not negative."
            ),
        ],
    )


def _accounts() -> Section:
    checks = Query(
        f"sum by (feature, allowed) (rate(palisade_access_checks_total{_RATE}))",
        "{{feature}}: allowed {{allowed}}",
    )
    blind = Query(
        f'sum by (feature) (rate(palisade_access_checks_total{{known="false"}}{_RATE}))', "{{feature}}"
    )
    events = Query(f"sum by (kind) (increase(palisade_enforcement_events_total{_RATE}))", "{{kind}}")
    latency = quantiles("palisade_rpc_duration_seconds", 'method=~".*/CheckAccess"', "method")
    return Section(
        "Accounts",
        [
            graph("Access checks", checks, unit="reqps", why="Who was let in.", stacked=True),
            graph("Answered blind", blind, unit="reqps", why="As declared for when the store is away."),
            graph("Access latency", *latency, unit="s", why="On the hot path.", limit=Limit(0.05)),
            graph("Events", events, unit="short", why="Violations, appeals and what became of them."),
        ],
    )
