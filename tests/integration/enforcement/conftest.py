"""Ladder files for services that read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.unit.enforcement.builders import ladder_document


@dataclass(frozen=True)
class LadderFile:
    """The builders' ladder in a file, and further versions beside it."""

    path: Path

    def version(self, version: str, **changes: Any) -> Path:
        file = self.path.with_name(f"{version}.json")
        file.write_text(json.dumps(ladder_document(version, **changes)), encoding="utf-8")
        return file


@pytest.fixture
def ladder_file(tmp_path: Path) -> LadderFile:
    file = tmp_path / "ladder.json"
    file.write_text(json.dumps(ladder_document()), encoding="utf-8")
    return LadderFile(file)
