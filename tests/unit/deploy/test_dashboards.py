"""The dashboards as code, and the files that Grafana reads."""

import itertools
import json
import re
from enum import IntEnum
from typing import Any

import pytest

from deploy.grafana.__main__ import FOLDER, rendered, stale
from services.contracts.vocabulary import AbsenceCause, Category, Decision

DASHBOARDS = {path.name: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
PANELS = [
    pytest.param(panel, id=f"{name}/{panel['title']}")
    for name, dashboard in DASHBOARDS.items()
    for panel in dashboard["panels"]
    if panel["type"] != "row"
]


def test_committed_files_are_what_the_code_says() -> None:
    assert rendered()
    assert stale() == []


@pytest.mark.parametrize("panel", PANELS)
def test_panel_says_what_it_shows(panel: dict[str, Any]) -> None:
    assert panel["description"]
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert all(target["legendFormat"] for target in panel["targets"])


@pytest.mark.parametrize("name", DASHBOARDS)
def test_panels_have_their_own_ids_and_places(name: str) -> None:
    panels = DASHBOARDS[name]["panels"]

    assert len({panel["id"] for panel in panels}) == len(panels)
    for one, other in itertools.combinations((panel["gridPos"] for panel in panels), 2):
        apart = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert apart or below


@pytest.mark.parametrize(
    ("label", "vocabulary"), [("decision", Decision), ("category", Category), ("cause", AbsenceCause)]
)
def test_values_asked_for_are_words_of_the_vocabulary(label: str, vocabulary: type[IntEnum]) -> None:
    words = {member.name.lower() for member in vocabulary} | {"none"}
    rules = [path.read_text() for path in (FOLDER.parents[1] / "prometheus" / "rules").glob("*.yml")]
    text = "\n".join([*rules, *(path.read_text().replace('\\"', '"') for path in FOLDER.glob("*.json"))])

    asked = re.findall(rf'\b{label}(?:=~|!~|!=|=)"([^"]*)"', text)
    assert {word for value in asked for word in value.split("|")} <= words
