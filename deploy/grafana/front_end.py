"""For a text-to-image front end: what was decided, why, and how long its users waited."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.board import Section, board
from deploy.grafana.panels import Limit, Query, graph, number, quantiles

_ITEMS = 'item=~"prompt|image|joint"'
_METHODS = 'method=~"/palisade.(prompt_filter|image_classifier|joint_scorer).v1..*"'
_RATE = "[$__rate_interval]"


def front_end() -> Dashboard:
    return board(
        "front end",
        uid="front-end",
        reader="For a text-to-image front end: prompts, generated images, and both together.",
        sections=[_decisions(), _why(), _latency()],
    )


def _decisions() -> Section:
    decided = f"sum by (item, decision) (rate(palisade_decisions_total{{{_ITEMS}}}{_RATE}))"
    held = f"""\
  sum by (item) (rate(palisade_decisions_total{{{_ITEMS}, decision=~"review|block"}}{_RATE}))
/
  sum by (item) (rate(palisade_decisions_total{{{_ITEMS}}}{_RATE}))"""
    rate = Query(f"sum by (item) (rate(palisade_decisions_total{{{_ITEMS}}}{_RATE}))", "{{item}}")
    return Section(
        "Decisions",
        [
            number("Decided", rate, unit="cps", why="Reasons counted, by item."),
            graph(
                "By decision",
                Query(decided, "{{item}}: {{decision}}"),
                unit="cps",
                why="A decision counts once for each of its reasons.",
                stacked=True,
            ),
            graph("Held back", Query(held, "{{item}}"), unit="percentunit", why="REVIEW or BLOCK."),
        ],
    )


def _why() -> Section:
    grounds = f'palisade_decisions_total{{{_ITEMS}, decision!="allow"}}'
    category = f"sum by (item, category) (rate({grounds}{_RATE}))"
    rule = f"sum by (item, rule) (rate({grounds}{_RATE}))"
    jobs = 'job=~"prompt_filter|image_classifier|joint_scorer"'
    absent = f"sum by (detector, cause) (rate(palisade_absent_signals_total{{{jobs}}}{_RATE}))"
    return Section(
        "Why",
        [
            graph("Category", Query(category, "{{item}}: {{category}}"), unit="cps", why="What bit."),
            graph("Rule", Query(rule, "{{item}}: {{rule}}"), unit="cps", why="Family of the rule or model."),
            graph(
                "Without", Query(absent, "{{detector}}: {{cause}}"), unit="cps", why="Decided without these."
            ),
        ],
    )


def _latency() -> Section:
    prompts = 'method=~".*/(CheckPrompt|CheckPrompts)"'
    images = 'method=~".*/(ClassifyImage|ClassifyUpload)"'
    joint = 'method=~".*/ScoreJoint"'
    histogram = "palisade_rpc_duration_seconds"
    calls = Query(f"sum by (method) (rate(palisade_rpc_requests_total{{{_METHODS}}}{_RATE}))", "{{method}}")
    codes = Query(
        f"sum by (method, code) (rate(palisade_rpc_requests_total{{{_METHODS}}}{_RATE}))",
        "{{method}} {{code}}",
    )
    return Section(
        "Latency",
        [
            graph(
                "Prompts",
                *quantiles(histogram, prompts, "method"),
                unit="s",
                why="What a user waits before generation begins.",
                limit=Limit(0.05),
            ),
            graph(
                "Images",
                *quantiles(histogram, images, "method"),
                unit="s",
                why="The transfer of chunked pictures included.",
                limit=Limit(5),
            ),
            graph(
                "Joint",
                *quantiles(histogram, joint, "method"),
                unit="s",
                why="What a user waits after both halves are judged.",
                limit=Limit(0.05),
            ),
            graph("Calls", calls, unit="reqps", why="By method.", stacked=True),
            graph("Answers", codes, unit="reqps", why="Anything but OK was no verdict."),
        ],
    )
