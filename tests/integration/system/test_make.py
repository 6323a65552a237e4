"""The Makefile explains itself, and every recipe can be read."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.integration.system.documents import ROOT, make_targets


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a shell, though these tests may themselves run below one."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_explains_every_target() -> None:
    ended = make("help")
    assert ended.returncode == 0, ended.stderr
    plain = re.sub(r"\x1b\[[0-9;]*m", "", ended.stdout)
    explained = dict(re.findall(r"^ +([a-z-]+) +(\S.*)$", plain, flags=re.MULTILINE))
    assert explained.keys() == make_targets()


def test_help_is_what_make_alone_says() -> None:
    assert make().stdout == make("help").stdout


@pytest.mark.parametrize("target", sorted(make_targets()))
def test_every_recipe_can_be_read(target: str) -> None:
    ended = make("--dry-run", "--always-make", target)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip()
