"""Ordinary prose that seeks nothing: the documentation strings of Python's own library."""

from __future__ import annotations

import ast
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from services.prompt_filter.evaluation.cases import Case, Suite, sample

_FEWEST, _MOST = 150, 1500
_SHORT, _MIDDLING = 300, 700
_SKIPPED = frozenset({"site-packages", "test", "tests", "idlelib", "lib2to3"})
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def ordinary_prose(count: int, seed: int) -> Suite:
    """`count` documentation strings of 150 characters or more, each up to its 1,500th."""
    texts = sample({text[:_MOST] for text in _documentation() if len(text) >= _FEWEST}, count, seed=seed)
    cases = (Case(text, False, text, {"source": "documentation", "length": _length(text)}) for text in texts)
    return Suite("ordinary prose", tuple(cases))


def _length(text: str) -> str:
    if len(text) < _SHORT:
        return f"under {_SHORT} characters"
    return f"{_SHORT} to {_MIDDLING}" if len(text) < _MIDDLING else f"{_MIDDLING} and more"


def _documentation() -> Iterator[str]:
    """Read from the source, so that nothing is imported."""
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.rglob("*.py")):
        if _SKIPPED.isdisjoint(path.relative_to(library).parts):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, _DOCUMENTED) and (text := ast.get_docstring(node)):
                    yield text
