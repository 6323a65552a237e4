"""Ordinary prose from WordNet: what is read of it, and what is left out."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path
from random import Random

import pytest

from services.prompt_filter.classifier.heads import HARM, PROSE, UNSAFE
from services.prompt_filter.training import wordnet
from services.prompt_filter.training.prose import ProseNotFoundError
from services.prompt_filter.training.wordnet import (
    OrdinaryProse,
    ordinary_prose,
    read_statements,
)

LICENCE = "  1 This software and database is being provided to you"
NOUNS = [
    LICENCE,
    '00001740 03 n 01 lake 0 000 | a body of still water among hills; "they rowed over the lake"; "a lake"',
    "00001930 03 n 01 pond 0 000 | water smaller than a lake  ",
    "00002137 03 n 01 tarn 0 000 | a FROBNICATING body of water",
]
VERBS = ['00001740 29 v 01 row 0 000 | move a boat with oars; "she rowed us across the bay"']


def _harmless(text: str) -> bool:
    return not text


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    contents = ["\n".join([*lines, ""]).encode() for lines in (NOUNS, VERBS, [LICENCE], [LICENCE])]
    path = tmp_path / wordnet.ARCHIVE
    with tarfile.open(path, "w:gz") as opened:
        for part, content in zip(("noun", "verb", "adj", "adv"), contents, strict=True):
            member = tarfile.TarInfo(f"package/dict/data.{part}")
            member.size = len(content)
            opened.addfile(member, io.BytesIO(content))
    monkeypatch.setattr(wordnet, "SHA256", hashlib.sha256(b"".join(contents)).hexdigest())
    return path


def test_definitions_come_before_their_examples() -> None:
    assert list(read_statements(NOUNS[:3])) == [
        ("definition", "a body of still water among hills"),
        ("example", "they rowed over the lake"),
        ("example", "a lake"),
        ("definition", "water smaller than a lake"),
    ]


def test_statements_too_short_or_about_harm_are_left_out(archive: Path) -> None:
    taken = OrdinaryProse(examples=2, definitions=3, passages=5)
    found = list(ordinary_prose(archive, lambda text: "frobnicating" in text, taken, Random(1)))
    single = {one.text for one in found if one.source == "wordnet"}
    assert single == {
        "a body of still water among hills",
        "they rowed over the lake",
        "water smaller than a lake",
        "move a boat with oars",
        "she rowed us across the bay",
    }
    passages = [one.text for one in found if one.source == "wordnet+joined"]
    assert len(passages) == 5
    assert all(set(passage.split(". ")) <= single for passage in passages)


def test_it_is_harmless_prose_that_no_rater_has_seen(archive: Path) -> None:
    (example,) = ordinary_prose(archive, _harmless, OrdinaryProse(1, 0, 0), Random(1))
    assert (example.labels[PROSE], example.labels[HARM]) == (1.0, 0.0)
    assert UNSAFE not in example.labels


def test_another_archive_is_refused(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordnet, "SHA256", "0" * 64)
    with pytest.raises(ProseNotFoundError, match="expected 0000"):
        list(ordinary_prose(archive, _harmless, OrdinaryProse(1, 0, 0), Random(1)))


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_what_is_no_archive_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.tgz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ProseNotFoundError, match=wordnet.ARCHIVE):
        list(ordinary_prose(path, _harmless, OrdinaryProse(1, 0, 0), Random(1)))
