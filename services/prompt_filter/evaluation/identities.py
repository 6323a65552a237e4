"""Harmless sentences that mention who people are: every identity in every domain."""

from __future__ import annotations

import json
from pathlib import Path

from services.prompt_filter.evaluation.cases import Case, Suite


def identities(folder: Path) -> Suite:
    """Every term of every group in every sentence of every domain."""
    content = json.loads((folder / "identities.json").read_text(encoding="utf-8"))
    cases = [
        Case(
            sentence.replace("{}", term),
            False,
            f"{group}/{term}",
            {"group": group, "identity": term, "domain": domain},
        )
        for group, terms in content["terms"].items()
        for term in terms
        for domain, sentences in content["domains"].items()
        for sentence in sentences
    ]
    return Suite("identities", tuple(cases))
