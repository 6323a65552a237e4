"""The report as Markdown: figures and ids, never rows or terms."""

from __future__ import annotations

from collections.abc import Iterator

from services.prompt_filter.evaluation.findings import Findings, Gate, Section
from services.prompt_filter.filter import PromptFilter

_HOW_TO_READ = (
    "Flagged means BLOCK or REVIEW. LABEL is counted apart. Intervals are 95 % bootstrap intervals over "
    "terms or sentences (whole clusters are resampled, seeded); where every case went the same way, the rule "
    "of three. Texts are filled in by program from lexicon entries; none is shown."
)


def render(findings: Findings, prompts: PromptFilter, command: str) -> str:
    """The whole document."""
    return "\n".join(_lines(findings, prompts, command)).rstrip() + "\n"


def _lines(findings: Findings, prompts: PromptFilter, command: str) -> Iterator[str]:
    yield "# Evaluation of the prompt filter"
    yield ""
    yield f"Policy `{prompts.policy.version}`, `{prompts.model_version}`. Made by `{command}`."
    yield ""
    yield _HOW_TO_READ
    yield ""
    yield from _gates(findings.gates)
    yield from _standing_out(findings)
    for section in findings.sections:
        yield from _table(section)
    yield from _rules(findings)


def _gates(gates: list[Gate]) -> Iterator[str]:
    missed = [gate for gate in gates if not gate.passed]
    yield f"## Aims: {len(gates) - len(missed)} of {len(gates)} reached"
    yield ""
    if missed:
        yield from _rows(
            ("missed", "aim", "reached"),
            [
                (gate.name, f"{'≥' if gate.at_least else '≤'} {gate.bar:.3f}", f"{gate.reached:.4f}")
                for gate in missed
            ],
        )


def _standing_out(findings: Findings) -> Iterator[str]:
    yield "## Slices whose false positives stand out"
    yield ""
    if not findings.standing_out:
        yield "None is above its set's upper bound beyond what chance explains."
        yield ""
        return
    yield from _rows(
        ("dimension", "slice", "false positives"),
        [
            (one.dimension, one.value, one.false_positives.percent())
            for one in findings.standing_out
            if one.false_positives is not None
        ],
    )


def _table(section: Section) -> Iterator[str]:
    yield f"## {section.title}"
    yield ""
    if section.note:
        yield section.note
        yield ""
    yield from _rows(section.header, section.rows)


def _rules(findings: Findings) -> Iterator[str]:
    if findings.rules:
        yield "## Rules behind false positives"
        yield ""
        yield from _rows(
            ("set", "rule or lexicon id", "cases"),
            [(name, rule, str(count)) for name, rule, count in findings.rules],
        )


def _rows(
    header: tuple[str, ...], rows: list[tuple[str, ...]] | tuple[tuple[str, ...], ...]
) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
