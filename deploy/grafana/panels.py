"""The few kinds of panels that the dashboards are made of."""

from __future__ import annotations

from dataclasses import dataclass

from grafana_foundation_sdk.builders import common, prometheus, stat, timeseries
from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    GraphTresholdsStyleMode,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    TooltipDisplayMode,
)
from grafana_foundation_sdk.models.dashboard import DataSourceRef, Threshold, ThresholdsMode

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")

_WIDTH, _HEIGHT = 8, 8
_STAT_WIDTH, _STAT_HEIGHT = 6, 4

Panel = timeseries.Panel | stat.Panel


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL, and how its series are called; labels in double braces."""

    expr: str
    legend: str

    def build(self, letter: str) -> prometheus.Dataquery:
        """As the panel's target `letter`."""
        query = prometheus.Dataquery().expr(self.expr).legend_format(self.legend)
        return query.range().ref_id(letter).datasource(SOURCE)


@dataclass(frozen=True, slots=True)
class Limit:
    """From here on it is bad; drawn as a line, or turning a number red."""

    value: float

    def build(self) -> ThresholdsConfig:
        steps = [Threshold(color="green", value=None), Threshold(color="red", value=self.value)]
        return ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def graph(
    title: str,
    *queries: Query,
    unit: str,
    why: str,
    limit: Limit | None = None,
    stacked: bool = False,
) -> timeseries.Panel:
    """Lines over time, a third of the page wide. `why` says what to read from it."""
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).show_legend(True)
    tooltip = common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI)
    panel = timeseries.Panel().title(title).description(why).unit(unit).min(0).datasource(SOURCE)
    panel = panel.span(_WIDTH).height(_HEIGHT).tooltip(tooltip)
    panel = panel.legend(legend.placement(LegendPlacement.BOTTOM)).fill_opacity(10)
    if stacked:
        panel = panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL)).fill_opacity(40)
    if limit is not None:
        style = common.GraphThresholdsStyleConfig().mode(GraphTresholdsStyleMode.DASHED)
        panel = panel.thresholds(limit.build()).thresholds_style(style)
    for letter, query in zip("ABCDEFGH", queries, strict=False):
        panel = panel.with_target(query.build(letter))
    return panel


def number(title: str, query: Query, *, unit: str, why: str, limit: Limit | None = None) -> stat.Panel:
    """One figure a series, a quarter of the page wide."""
    panel = stat.Panel().title(title).description(why).unit(unit).datasource(SOURCE)
    panel = panel.span(_STAT_WIDTH).height(_STAT_HEIGHT).color_mode(BigValueColorMode.VALUE)
    if limit is not None:
        panel = panel.thresholds(limit.build())
    return panel.with_target(query.build("A"))


def quantiles(histogram: str, selector: str, by: str) -> tuple[Query, ...]:
    """Median, 95th and 99th percentile of a histogram, apart by one label."""
    buckets = f"sum by (le, {by}) (rate({histogram}_bucket{{{selector}}}[$__rate_interval]))"
    return tuple(
        Query(f"histogram_quantile({share}, {buckets})", f"{{{{{by}}}}} {name}")
        for share, name in ((0.5, "median"), (0.95, "p95"), (0.99, "p99"))
    )
