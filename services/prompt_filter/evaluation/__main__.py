"""python -m services.prompt_filter.evaluation --data DIR --report FILE [--small] [--check]"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from services.prompt_filter.evaluation.evaluate import bench, evaluate, sizes
from services.prompt_filter.evaluation.report import render
from services.prompt_filter.settings import FilterSettings

_MODULE = "python -m services.prompt_filter.evaluation"


def main() -> int:
    """Measure, write the report, name the bars that were missed. 1 with `--check` and a missed bar."""
    parser = argparse.ArgumentParser(prog=_MODULE)
    parser.add_argument(
        "--data", type=Path, help="the data folder; without it only generated sets are measured"
    )
    parser.add_argument("--report", type=Path, help="Markdown file to write; standard output without it")
    parser.add_argument("--small", action="store_true", help="fewer cases, from the repository alone")
    parser.add_argument("--rules-alone", action="store_true", help="without the classifier")
    parser.add_argument("--check", action="store_true", help="fail where a bar is missed")
    given = parser.parse_args()
    if not given.small and given.data is None:
        parser.error("--data is needed without --small")
    settings = FilterSettings(classifier=None) if given.rules_alone else FilterSettings()
    measured = bench(settings, sizes(small=given.small))
    findings = evaluate(measured, None if given.small else given.data)
    text = render(findings, measured.prompts, _command(given))
    if given.report is None:
        print(text)
    else:
        given.report.parent.mkdir(parents=True, exist_ok=True)
        given.report.write_text(text, encoding="utf-8")
    for gate in findings.failed():
        print(f"missed: {gate.name}: {gate.reached:.4f}, aim {gate.bar:.4f}", file=sys.stderr)
    return 1 if given.check and findings.failed() else 0


def _command(given: argparse.Namespace) -> str:
    """What reproduces the report, without this machine's paths."""
    options = [name for name in ("small", "rules_alone") if getattr(given, name)]
    words = [
        _MODULE,
        *([] if given.small else ["--data DIR"]),
        *(f"--{name.replace('_', '-')}" for name in options),
    ]
    return " ".join(words)


if __name__ == "__main__":
    sys.exit(main())
