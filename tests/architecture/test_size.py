"""Modules stay short enough to be read."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 400
HAND_WRITTEN = [
    path
    for folder in ("services", "loadtests", "tests", "protos")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "contracts" not in path.relative_to(ROOT).parts[:2]
]


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_longer_than_it_can_be_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_the_median_module_is_about_a_hundred_lines() -> None:
    lengths = [
        len(path.read_text(encoding="utf-8").splitlines())
        for path in HAND_WRITTEN
        if path.is_relative_to(ROOT / "services") and path.name != "__init__.py"
    ]
    assert statistics.median(lengths) <= 120
