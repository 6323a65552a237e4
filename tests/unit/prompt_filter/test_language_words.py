"""Common words by language, compiled from frequencies."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from services.prompt_filter.compiling import common_words
from services.prompt_filter.compiling.language_words import language_words, write
from services.prompt_filter.lexicon import read_frequencies
from services.prompt_filter.text.language import Languages
from tests.unit.prompt_filter.placeholders import fold

# Lists of words by hundredths of powers of ten below certainty, as wordfreq keeps them.
COMMON, RARER, RARE = 200, 300, 650


def _packed(*words: str) -> bytes:
    return bytes([0x90 | len(words)]) + b"".join(
        bytes([0xA0 | len(word.encode())]) + word.encode() for word in words
    )


def _table(words: dict[int, list[str]]) -> bytes:
    lists = [_packed(*words.get(centibels, ())) for centibels in range(max(words) + 1)]
    return gzip.compress(b"\xdc" + len(lists).to_bytes(2, "big") + b"".join(lists))


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A wheel with a few words of four languages."""
    tables = {
        "en": {COMMON: ["the"], RARER: ["son"]},
        "fr": {COMMON: ["été", "son"], RARE: ["rare"]},
        "es": {COMMON: ["son"]},
        "ru": {COMMON: ["и"]},
    }
    with zipfile.ZipFile(tmp_path / "wordfreq-0.0.0-py3-none-any.whl", "w") as wheel:
        for language, words in tables.items():
            wheel.writestr(f"wordfreq/data/small_{language}.msgpack.gz", _table(words))
    return tmp_path


def test_a_word_weighs_as_much_as_it_is_common_in_each_language(packages: Path) -> None:
    told = packages / "told.tsv"
    told.write_text("# by hand\nxx\tzu son\nfr\trare\n", encoding="utf-8")
    words = language_words(packages, fold(), told)
    assert words == {
        "the": {"en": 40},
        "son": {"en": 30, "fr": 40, "es": 40, "xx": 35},
        "ete": {"fr": 40},
        "zu": {"xx": 35},
    }


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "language_words.tsv"
    write(path, {"the": {"en": 40}, "son": {"fr": 40, "es": 38, "en": 20}, "zu": {"xx": 35}})
    assert path.read_text(encoding="utf-8").splitlines()[0] == "son\ten=20 es=38 fr=40"
    languages = Languages.load(path, frozenset())
    assert [languages.of(words.split(), words) for words in ("son", "the son the", "zu")] == [
        "fr",
        "en",
        "xx",
    ]


def test_common_english_words_are_written_and_read_with_their_frequency(packages: Path) -> None:
    words = common_words.common_words(packages, fold())
    common_words.write(packages / "common_words.tsv", words)
    assert read_frequencies(packages / "common_words.tsv") == words == {"the": 7.0, "son": 6.0}
