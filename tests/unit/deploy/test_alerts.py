"""Alerts as whoever is paged meets them: a severity, one line, and a page that says what to do."""

import re
from typing import Any

import pytest

from services.demo.system import SERVICES
from tests.integration.observability.shipped import DEPLOY, rules
from tests.unit.deploy.containerfile import ROOT

ALERTS = [rule for rule in rules() if "alert" in rule]
FIRST_METRICS_PORT = 9464


def anchors() -> set[str]:
    """Headings of the runbooks as links name them."""
    text = (ROOT / "docs" / "runbooks.md").read_text()
    return {heading.lower().replace(" ", "-") for heading in re.findall(r"(?m)^## (.+)$", text)}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: str(alert["alert"]))
def test_alert_has_severity_summary_and_runbook(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"]["summary"]
    document, _, anchor = alert["annotations"]["runbook_url"].partition("#")
    assert document == "docs/runbooks.md"
    assert anchor in anchors()


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: str(alert["alert"]))
def test_runbook_names_the_alert(alert: dict[str, Any]) -> None:
    """In full, or as `…14x` beside another of its kind."""
    text = (ROOT / "docs" / "runbooks.md").read_text()
    short = re.findall(r"`…(\w+)`", text)

    assert alert["alert"] in text or alert["alert"].endswith(tuple(short))


def test_every_runbook_section_has_its_alert() -> None:
    linked = {alert["annotations"]["runbook_url"].partition("#")[2] for alert in ALERTS}

    assert anchors() == linked


def test_local_targets_are_the_usual_ports_in_order() -> None:
    text = (DEPLOY / "prometheus" / "targets" / "local.yml").read_text()
    named = re.findall(r"job: (\w+).*\n\s+targets: \[\"127\.0\.0\.1:(\d+)\"\]", text)

    assert named == [(name, str(FIRST_METRICS_PORT + number)) for number, name in enumerate(SERVICES)]
