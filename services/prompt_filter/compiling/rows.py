"""What is compiled: terms with their role and grade."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from services.prompt_filter.lexicon import Grade, Role

DATA: Final = Path(__file__).parents[1] / "data"
RANK: Final = {grade: rank for rank, grade in enumerate(reversed(Grade))}
"""How grave a grade is, for choosing among sources."""
LANGUAGES: Final = frozenset("en es zh tl vi ar fr ko ru de hi pt it pl nl ja".split())
"""Languages whose lists of packages are taken in."""

Term = tuple[str, str]
"""Language and folded term."""
Row = tuple[Role, Grade, str]
"""Role, grade, sources joined by a plus."""
Rows = dict[Term, Row]


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a file of the shared data by their columns."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
