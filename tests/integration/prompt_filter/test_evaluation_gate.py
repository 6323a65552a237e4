"""The smaller evaluation, on what lies in the repository: no figure falls below what was reached."""

from __future__ import annotations

import pytest

from services.prompt_filter.evaluation.bars import REACHED
from services.prompt_filter.evaluation.evaluate import bench, evaluate
from services.prompt_filter.evaluation.findings import Findings
from services.prompt_filter.evaluation.generated import Bench
from services.prompt_filter.evaluation.report import render
from services.prompt_filter.evaluation.sizes import SMALL
from services.prompt_filter.lexicon import Grade, Role, load_lexicon
from services.prompt_filter.settings import DATA, FilterSettings

pytestmark = pytest.mark.slow

KINDS = (
    "obfuscation",
    "language recall",
    "language false positives",
    "innocent words",
    "identity",
    "prompt syntax",
)


@pytest.fixture(scope="module")
def measured() -> Bench:
    return bench(FilterSettings(), SMALL, bars=REACHED)


@pytest.fixture(scope="module")
def findings(measured: Bench) -> Findings:
    return evaluate(measured, None)


def test_no_figure_is_below_what_was_reached(findings: Findings) -> None:
    missed = [f"{gate.name}: {gate.reached:.4f}, bar {gate.bar:.4f}" for gate in findings.failed()]
    assert missed == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_set_is_gated(findings: Findings, kind: str) -> None:
    assert any(gate.name.startswith(kind) for gate in findings.gates)


def test_the_report_shows_no_listed_term(measured: Bench, findings: Findings) -> None:
    words = set(render(findings, measured.prompts, "command").lower().replace("|", " ").split())
    listed = {
        entry.term
        for entry in load_lexicon(DATA).entries
        if entry.role is Role.SEXUAL and entry.grade in (Grade.EXPLICIT, Grade.VULGAR)
    }
    # An identity term that the lexicon lists too; the report names it as an identity.
    own = {"lesbians", "lesbian"}
    assert words & listed <= own
