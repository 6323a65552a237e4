"""Grades of terms that packages list: by votes, by how ordinary they are, by where else they are words."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.prompt_filter.compiling import package_grades, package_lists
from services.prompt_filter.compiling.package_lists import Archive, Source
from services.prompt_filter.compiling.word_frequencies import Frequencies
from services.prompt_filter.lexicon import Grade
from tests.unit.prompt_filter.placeholders import fold


def _nothing(archive: Archive) -> Iterator[tuple[str, str]]:
    del archive
    yield from ()


def listed(name: str, *, translated: bool = False) -> Source:
    return Source(name, f"{name}-*", _nothing, translated)


ONE, TWO, THREE, FOUR = (listed(name) for name in ("one", "two", "three", "four"))
MACHINE = listed("machine", translated=True)


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], Grade]:
    rows = [
        (ONE, "es", "plomo raro"), (ONE, "es", "frecuente"), (MACHINE, "es", "traducido"),
        (ONE, "nl", "glorp"), (ONE, "es", "a1b2"), (TWO, "es", "frecuente"), (MACHINE, "es", "medio"),
        *((source, "en", "blorvick") for source in (ONE, TWO, THREE, FOUR)), (ONE, "en", "gribba"),
        (ONE, "hi", "पपूत"), (ONE, "ja", "珀琭"), (MACHINE, "ja", "琭珀"),
    ]  # fmt: skip
    tables = {
        "es": {"plomo": 3.0, "raro": 4.0, "frecuente": 4.1, "medio": 3.0},
        "de": {"glorp": 4.0},
        "nl": {},
        "hi": {},
        "ja": {},
        "en": {},
    }

    def terms(folder: Path) -> Iterator[tuple[Source, str, str]]:
        del folder
        yield from rows

    monkeypatch.setattr(package_grades, "package_terms", terms)
    monkeypatch.setattr(Frequencies, "load", lambda *_: Frequencies(tables))
    found = package_grades.graded_packages(Path(), fold())
    return {(language, term): grade for language, term, grade, _ in found}


def test_a_rare_term_of_one_list_is_listed(graded: dict[tuple[str, str], Grade]) -> None:
    assert graded["es", "plomo raro"] is Grade.VULGAR


def test_a_commoner_one_needs_more_lists(graded: dict[tuple[str, str], Grade]) -> None:
    assert graded["es", "frecuente"] is Grade.VULGAR
    assert ("es", "medio") not in graded


def test_a_word_of_another_language_counts_in_its_own_only(graded: dict[tuple[str, str], Grade]) -> None:
    assert graded["nl", "glorp"] is Grade.HOMOGRAPH


def test_vowel_signs_are_letters(graded: dict[tuple[str, str], Grade]) -> None:
    assert graded["hi", "पपऊत"] is Grade.VULGAR


def test_a_translation_whose_frequency_nobody_knows_is_left_out(graded: dict[tuple[str, str], Grade]) -> None:
    assert graded["ja", "珀琭"] is Grade.VULGAR
    assert ("ja", "琭珀") not in graded


def test_english_needs_most_lists(graded: dict[tuple[str, str], Grade]) -> None:
    assert graded["en", "blorvick"] is Grade.PROFANE
    assert ("en", "gribba") not in graded


def test_writings_with_figures_are_left_to_the_engine(graded: dict[tuple[str, str], Grade]) -> None:
    assert ("es", "a1b2") not in graded


def test_an_npm_archive_is_read_without_being_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "words-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as packed:
        content = b'module.exports = ["blorvick", "gribba"]; // "no word"'
        member = tarfile.TarInfo("package/lib/xx.js")
        member.size = len(content)
        packed.addfile(member, io.BytesIO(content))
    assert [name for name, _ in Archive(path).matching(r"lib/(\w+)\.js$")] == ["xx"]


def test_languages_that_are_left_out_of_a_package_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(archive: Archive) -> Iterator[tuple[str, str]]:
        del archive
        yield from (("zh", "珀琭"), ("ko", "갸뱌"))

    with tarfile.open(tmp_path / "one-1.tgz", "w:gz"):
        pass
    source = Source("one", "one-*.tgz", read, left_out=("zh",))
    monkeypatch.setattr(package_lists, "SOURCES", (source,))
    assert list(package_lists.package_terms(tmp_path)) == [(source, "ko", "갸뱌")]
