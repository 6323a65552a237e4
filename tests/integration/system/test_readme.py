"""What the documents tell a newcomer to do works, and what they point to is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from services.demo.system import SERVICES, LocalSystem
from tests.integration.system.documents import (
    README,
    ROOT,
    Snippet,
    dead_links,
    documents,
    make_targets,
    snippets,
    targets_named,
)
from tests.integration.system.lanes import EMBEDDED

FIRST_PORT: Final = 50051
TIMEOUT_SECONDS: Final = 60
MARKED: Final = [snippet for snippet in snippets(README) if snippet.marked]


def _names(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.fixture
def palisade(tmp_path: Path) -> Path:
    """The command as this Python runs it, whether or not it is installed in `.venv`."""
    program = tmp_path / "palisade"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m services.cli "$@"\n')
    program.chmod(0o755)
    return program


def here(code: str, system: LocalSystem, palisade: Path) -> str:
    """The snippet for this system's ports and this environment's command."""
    for number, name in enumerate(SERVICES):
        code = code.replace(f"127.0.0.1:{FIRST_PORT + number}", system.addresses.grpc[name])
    return code.replace(".venv/bin/palisade", str(palisade))


@pytest.mark.parametrize("backing", [EMBEDDED], indirect=True)
@pytest.mark.parametrize("snippet", MARKED, ids=lambda each: each.language)
def test_the_readme_does_what_it_says(system: LocalSystem, palisade: Path, snippet: Snippet) -> None:
    interpreters = {"sh": ("sh", "-e", "-c"), "python": (sys.executable, "-c")}
    ended = subprocess.run(
        [*interpreters[snippet.language], here(snippet.code, system, palisade)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert re.search(r"\bALLOW\b|DECISION_ALLOW", ended.stdout)


def test_the_readme_marks_a_command_and_a_program() -> None:
    assert {snippet.language for snippet in MARKED} == {"sh", "python"}


@pytest.mark.parametrize("document", documents(), ids=_names)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    assert targets_named(document) <= make_targets()


@pytest.mark.parametrize("document", documents(), ids=_names)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    assert list(dead_links(document)) == []


def test_the_readers_of_documents_read() -> None:
    """Guards the three tests above against finding nothing to test."""
    assert {"demo", "test", "run", "help"} <= targets_named(README)
    assert {"demo", "test", "run", "help"} <= make_targets()
    assert len(documents()) > 5
