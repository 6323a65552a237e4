"""Ordinary sentences of LanguageTool's rules: what is read of them, and what is left out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest

from services.prompt_filter.classifier.heads import HARM, PROSE, UNSAFE
from services.prompt_filter.training import languagetool
from services.prompt_filter.training.languagetool import ordinary_french, read_examples
from services.prompt_filter.training.prose import ProseNotFoundError

GRAMMAR = """<?xml version="1.0"?>
<!DOCTYPE rules [<!ENTITY lake "lac">]>
<rules><rule>
<example correction="un">Il y a <marker>une</marker> grand   &lake; ici.</example>
<example>Il y a un grand lac ici.</example>
<example>Un lac.</example>
</rule></rules>"""
STYLE = """<rules>
<example>Les bateaux frobnic sont partis hier.</example>
<example>Il y a un grand lac ici.</example>
<example>Nous avons mangé au bord de l&#39;eau.</example>
</rules>"""
LAKES = ["Il y a une grand lac ici.", "Il y a un grand lac ici.", "Nous avons mangé au bord de l'eau."]


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive, pinned."""
    path = tmp_path / "language-fr.jar"
    with ZipFile(path, "w") as made:
        for name, content in (("grammar", GRAMMAR), ("style", STYLE)):
            made.writestr(f"org/languagetool/rules/fr/{name}.xml", content)
    monkeypatch.setattr(languagetool, "SHA256", hashlib.sha256((GRAMMAR + STYLE).encode()).hexdigest())
    return path


def test_examples_come_once_in_their_order_without_marks(archive: Path) -> None:
    assert read_examples(archive) == [
        *LAKES[:2],
        "Un lac.",
        "Les bateaux frobnic sont partis hier.",
        LAKES[2],
    ]


def test_sentences_too_short_or_about_harm_are_left_out(archive: Path) -> None:
    found = list(ordinary_french(archive, lambda text: "frobnic" in text, 9, 4, Random(1)))
    assert {one.text for one in found if one.source == "languagetool"} == set(LAKES)
    passages = [one.text for one in found if one.source == "languagetool+joined"]
    assert len(passages) == 4
    assert set(passages) <= {" ".join(LAKES[start:end]) for start in range(3) for end in range(start + 1, 4)}


def test_they_are_harmless_prose_that_no_rater_has_seen(archive: Path) -> None:
    (example,) = ordinary_french(archive, lambda text: not text, 1, 0, Random(1))
    assert (example.labels[PROSE], example.labels[HARM]) == (1.0, 0.0)
    assert UNSAFE not in example.labels


def test_another_archive_is_refused(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "SHA256", "0" * 64)
    with pytest.raises(ProseNotFoundError, match="expected 0000"):
        read_examples(archive)


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_what_is_no_archive_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.jar"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ProseNotFoundError, match=languagetool.ARCHIVE):
        read_examples(path)
