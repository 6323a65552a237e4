"""For whoever is paged: is it up, is it keeping up, what fails, what is full."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.board import Section, board
from deploy.grafana.panels import Limit, Query, graph, number, quantiles

_JOB = 'job=~"$job"'


def operations() -> Dashboard:
    return board(
        "operations",
        uid="operations",
        reader="For whoever is paged. Alerts and what to do: docs/runbooks.md.",
        by_job=True,
        sections=[_overview(), _streams(), _calls(), _signals(), _saturation()],
    )


def _overview() -> Section:
    up = Query(f'sum by (job) (up{{part_of="palisade", {_JOB}}})', "{{job}}")
    late = Query(f"max by (job) (palisade_stage_time_lag_seconds{{{_JOB}}})", "{{job}}")
    stalled = Query(f"sum by (job) (palisade_stage_stalled{{{_JOB}}})", "{{job}}")
    budget = Query(
        f"1 - job:palisade_rpc_errors:ratio_rate3d{{{_JOB}}} / 0.001",
        "{{job}}",
    )
    return Section(
        "Overview",
        [
            number("Up", up, unit="short", why="Processes that can be scraped."),
            number("Oldest event", late, unit="s", why="How far behind, at worst.", limit=Limit(30)),
            number("Stalled", stalled, unit="short", why="Stages without progress.", limit=Limit(1)),
            number(
                "Error budget left",
                budget,
                unit="percentunit",
                why="Of 0.1 % of calls, over the last three days; below 0 it is overspent.",
            ),
        ],
    )


def _streams() -> Section:
    def by_stage(expr: str) -> Query:
        return Query(expr, "{{stage}}")

    lag = Query(f"max by (stage, topic) (palisade_stage_time_lag_seconds{{{_JOB}}})", "{{stage}} ← {{topic}}")
    rate = "[$__rate_interval]"
    events = f"sum by (stage) (rate(palisade_stage_events_total{{{_JOB}}}{rate}))"
    flight = f"sum by (stage) (palisade_stage_in_flight{{{_JOB}}})"
    retries = f"sum by (stage) (rate(palisade_stage_retries_total{{{_JOB}}}{rate}))"
    dead = Query(
        f"sum by (stage, reason) (increase(palisade_dead_letters_total{{{_JOB}}}{rate}))",
        "{{stage}} {{reason}}",
    )
    stalled = Query(
        f"max by (instance, stage) (palisade_stage_stalled{{{_JOB}}})", "{{stage}} on {{instance}}"
    )
    waiting = quantiles("palisade_stage_queue_seconds", _JOB, "stage")
    handling = quantiles("palisade_stage_duration_seconds", _JOB, "stage")
    return Section(
        "Streams",
        [
            graph("Lag", lag, unit="s", why="Age of the oldest unfinished event.", limit=Limit(30)),
            graph(
                "In flight", by_stage(flight), unit="short", why="At the window's size: it is at its limit."
            ),
            graph("Events", by_stage(events), unit="cps", why="Completed, dead letters included."),
            graph(
                "Queue time", *waiting, unit="s", why="From the broker's timestamp to the start of handling."
            ),
            graph("Handling", *handling, unit="s", why="With its retries."),
            graph("Retries", by_stage(retries), unit="cps", why="What a stage depends on is slow or away."),
            graph("Dead letters", dead, unit="short", why="Put aside, by reason.", stacked=True),
            graph("Stalled", stalled, unit="short", why="1: events, and no progress.", limit=Limit(1)),
        ],
    )


def _calls() -> Section:
    rate = "[$__rate_interval]"
    calls = Query(f"sum by (method) (rate(palisade_rpc_requests_total{{{_JOB}}}{rate}))", "{{method}}")
    by_code = Query(
        f"sum by (job, code) (rate(palisade_rpc_requests_total{{{_JOB}}}{rate}))", "{{job}} {{code}}"
    )
    failed = Query(f"job:palisade_rpc_errors:ratio_rate5m{{{_JOB}}}", "{{job}}")
    flight = Query(f"sum by (method) (palisade_rpc_in_flight{{{_JOB}}})", "{{method}}")
    slow = Query(f"method:palisade_rpc_slow:ratio_rate5m{{{_JOB}}}", "{{method}}")
    return Section(
        "Calls",
        [
            graph("Calls", calls, unit="reqps", why="Answered, by method.", stacked=True),
            graph("By code", by_code, unit="reqps", why="What callers are told."),
            graph(
                "Failed calls", failed, unit="percentunit", why="No fault of the caller.", limit=Limit(0.001)
            ),
            graph("Slow calls", slow, unit="percentunit", why="Beyond their objective.", limit=Limit(0.01)),
            graph(
                "Calls in flight", flight, unit="short", why="Against PALISADE_GRPC__MAX_CONCURRENT_CALLS."
            ),
        ],
    )


def _signals() -> Section:
    rate = "[$__rate_interval]"
    absent = Query(
        f"sum by (detector, cause) (rate(palisade_absent_signals_total{{{_JOB}}}{rate}))",
        "{{detector}}: {{cause}}",
    )
    share = Query(f"job:palisade_absent_signals:ratio_rate5m{{{_JOB}}}", "{{job}}")
    return Section(
        "Signals",
        [
            graph("Absent signals", absent, unit="cps", why="Detectors that could not answer, and why."),
            graph(
                "Missing a decision",
                share,
                unit="short",
                why="Timed out, failed or overloaded, for each decision.",
                limit=Limit(0.05),
            ),
        ],
    )


def _saturation() -> Section:
    rate = "[$__rate_interval]"
    cpu = Query(f"sum by (job) (rate(process_cpu_seconds_total{{{_JOB}}}{rate}))", "{{job}}")
    memory = Query(f"max by (job) (process_resident_memory_bytes{{{_JOB}}})", "{{job}}")
    files = Query(
        f"max by (job) (process_open_fds{{{_JOB}}} / process_max_fds{{{_JOB}}})",
        "{{job}}",
    )
    pending = Query(f"max by (job) (palisade_outgoing_pending{{{_JOB}}})", "{{job}}")
    published = Query(
        f"sum by (topic, outcome) (rate(palisade_published_total{{{_JOB}}}{rate}))", "{{topic}} {{outcome}}"
    )
    outbox = Query(f"max by (job) (palisade_outbox_oldest_undelivered_seconds{{{_JOB}}})", "{{job}}")
    return Section(
        "Saturation",
        [
            graph("Processor", cpu, unit="short", why="Cores in use."),
            graph("Memory", memory, unit="bytes", why="Of the largest process."),
            graph("File descriptors", files, unit="percentunit", why="Of those allowed.", limit=Limit(0.8)),
            graph(
                "Outgoing", pending, unit="short", why="Decisions not yet acknowledged.", limit=Limit(1000)
            ),
            graph("Published", published, unit="cps", why="Anything but acknowledged is a loss or a delay."),
            graph("Outbox", outbox, unit="s", why="Oldest event not yet announced.", limit=Limit(60)),
        ],
    )
