"""Every panel, alert and recording rule has data from the running system."""

import pytest

from tests.integration.observability.observation import Observation
from tests.integration.observability.promql import selectors, unfiltered
from tests.integration.observability.shipped import Asked, alerts, panel_queries, records
from tests.integration.observability.traffic import UNREADABLE_EVENT

pytestmark = pytest.mark.slow

PANELS, RECORDS, ALERTS = list(panel_queries()), list(records()), list(alerts())


@pytest.mark.parametrize("asked", [*PANELS, *RECORDS, *ALERTS], ids=str)
def test_only_metrics_and_labels_that_exist_are_asked_for(observation: Observation, asked: Asked) -> None:
    for selector in selectors(asked.expr):
        labels = observation.labels[selector.metric]
        assert labels, f"no metric {selector.metric}"
        assert selector.labels <= labels, f"{selector.metric} has no {set(selector.labels - labels)}"


@pytest.mark.parametrize("query", PANELS, ids=str)
def test_panel_is_not_empty(observation: Observation, query: Asked) -> None:
    drawn = [sample for sample in observation.answers[query.expr] if sample.finite]

    assert drawn, f"nothing to draw for {query.expr}"
    written = frozenset[str]().union(*(sample.labels for sample in drawn))
    assert query.legend_labels <= written, "a legend names a label that no series has"


@pytest.mark.parametrize("alert", ALERTS, ids=str)
def test_alert_has_something_to_judge(observation: Observation, alert: Asked) -> None:
    judged = observation.answers[unfiltered(alert.expr)]

    assert any(sample.finite for sample in judged)


@pytest.mark.parametrize("record", RECORDS, ids=str)
def test_recording_rule_has_series(observation: Observation, record: Asked) -> None:
    assert any(sample.finite for sample in observation.answers[record.expr])


def test_event_nobody_can_read_is_counted_with_its_reason(observation: Observation) -> None:
    (counted,) = observation.answers[UNREADABLE_EVENT]

    assert counted.labels["reason"] == "MALFORMED"
    assert counted.value == 1
