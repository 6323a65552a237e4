"""Every snippet of docs/command-line.md does what it says; its tables name the fields there are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOC = ROOT / "docs" / "command-line.md"


def _snippets() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", DOC.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment in which `palisade` is this checkout's."""
    program = tmp_path / "palisade"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m services.cli "$@"\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("snippet", _snippets())
def test_snippet(snippet: str, shell: dict[str, str], tmp_path: Path) -> None:
    ended = subprocess.run(
        ["sh", "-e", "-c", snippet], cwd=tmp_path, env=shell, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout


def test_every_command_is_named() -> None:
    text = DOC.read_text(encoding="utf-8")
    for command in (
        *("prompt check", "image classify", "image hash", "joint score", "media scan"),
        *("watermark embed", "watermark detect", "account record", "dlq list", "dlq replay"),
    ):
        assert f"`{command}`" in text
