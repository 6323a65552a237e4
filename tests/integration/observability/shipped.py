"""What deploy/ ships to be asked of Prometheus: panels' queries, alerts and recording rules."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
RULES = DEPLOY / "prometheus" / "rules"
DASHBOARDS = DEPLOY / "grafana" / "dashboards"

_LEGEND_LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_VARIABLE = re.compile(r"\$\{?\w+")


@dataclass(frozen=True)
class Asked:
    """An expression as it is asked, and the labels its legend writes out."""

    where: str
    expr: str
    legend_labels: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """Name the test's parameter."""
        return self.where


def panel_queries() -> Iterator[Asked]:
    """Every query of every panel, its variables resolved as Grafana would with all services chosen."""
    for path in sorted(DASHBOARDS.glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel.get("targets", []):
                expr = target["expr"].replace("$__rate_interval", "15s").replace("$job", ".+")
                assert not _VARIABLE.search(expr), f"unresolved variable in {expr}"
                labels = frozenset(_LEGEND_LABEL.findall(target["legendFormat"]))
                yield Asked(f"{path.stem}/{panel['title']}/{target['refId']}", expr, labels)


def rules() -> Iterator[dict[str, Any]]:
    """Every rule of every group."""
    for path in sorted(RULES.glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def alerts() -> Iterator[Asked]:
    """Every alert's expression."""
    yield from (Asked(rule["alert"], rule["expr"]) for rule in rules() if "alert" in rule)


def records() -> Iterator[Asked]:
    """Every recording rule's expression."""
    yield from (Asked(rule["record"], rule["expr"]) for rule in rules() if "record" in rule)
