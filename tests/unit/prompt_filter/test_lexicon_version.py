"""The version in a verdict names every word that decided it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.prompt_filter.lexicon import load_lexicon
from services.prompt_filter.settings import DATA


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("lexicon/en.tsv", True),
        ("excluded.tsv", True),
        ("language_words.tsv", True),
        ("fold/emoji.tsv", True),
        ("names.txt", True),
        ("policy.json", False),
        ("README.md", False),
    ],
)
def test_a_changed_file_of_words_is_another_version(tmp_path: Path, file: str, counts: bool) -> None:
    folder = shutil.copytree(DATA, tmp_path / "data")
    before = load_lexicon(folder).version
    assert before == load_lexicon(DATA).version
    with (folder / file).open("ab") as opened:
        opened.write(b"\n")
    assert (load_lexicon(folder).version != before) is counts
