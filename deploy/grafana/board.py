"""A dashboard from sections of panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from grafana_foundation_sdk.builders.dashboard import Dashboard, DatasourceVariable, QueryVariable, Row
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from deploy.grafana.panels import SOURCE, Panel


@dataclass(frozen=True, slots=True)
class Section:
    """Panels under one heading."""

    title: str
    panels: Sequence[Panel]


def board(
    title: str, *, uid: str, reader: str, sections: Sequence[Section], by_job: bool = False
) -> Dashboard:
    """A dashboard for one reader; with `by_job` its services can be chosen as `$job`."""
    dashboard = (
        Dashboard(f"Palisade: {title}")
        .uid(f"palisade-{uid}")
        .description(reader)
        .tags(["palisade"])
        .readonly()
        .refresh("30s")
        .time("now-3h", "now")
        .timezone("utc")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .with_variable(DatasourceVariable("datasource").label("Prometheus").type("prometheus"))
    )
    if by_job:
        dashboard = dashboard.with_variable(_jobs())
    ids = count(1)
    for section in sections:
        dashboard = dashboard.with_row(Row(section.title).id(next(ids)))
        for panel in section.panels:
            dashboard = dashboard.with_panel(panel.id(next(ids)))
    return dashboard


def _jobs() -> QueryVariable:
    every = VariableOption(text="All", value="$__all")
    return (
        QueryVariable("job")
        .label("Service")
        .datasource(SOURCE)
        .query("label_values(palisade_build_info, job)")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".+")
        .current(every)
    )
