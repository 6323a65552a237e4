"""The scanner as the command line uses it, and the JSON that scripts read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.chassis.errors import InvalidInputError, TooLargeError
from services.media_scanner.local import LocalMediaScanner, UnreadableFileError
from services.media_scanner.settings import ScannerSettings
from services.media_scanner.view import scan_to_json
from tests.unit.media_scanner.generator_files import settings
from tests.unit.media_scanner.writers import PROMPT, picture, png, text


@pytest.fixture
async def scanner(tmp_path: Path) -> AsyncIterator[LocalMediaScanner]:
    key = tmp_path / "key"
    key.write_bytes(b"a key that only the tests know\n")
    local = LocalMediaScanner(ScannerSettings(max_bytes=100_000, watermark_key=key))
    yield local
    await local.close()


async def test_the_json_is_the_contract(scanner: LocalMediaScanner, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(png(text("parameters", settings("v1.6.0"))))
    document = scan_to_json(await scanner.scan(path, item="7"), path=str(path))
    assert list(document) == [
        "id",
        "path",
        "decision",
        "ai_generated",
        "signals",
        "absent",
        "policy_version",
    ]
    assert document["id"] == "7"
    assert document["decision"] == "LABEL"
    assert document["ai_generated"] == {"verdict": "yes", "p_value": None, "by": ["metadata"]}
    signals = document["signals"]
    assert isinstance(signals, list)
    assert [signal["detector"] for signal in signals if isinstance(signal, dict)] == [
        "c2pa",
        "metadata",
        "iptc",
    ]
    assert document["absent"] == [
        {"detector": "watermark", "cause": "unsupported", "detail": "PICTURE_TOO_SMALL"}
    ]
    assert PROMPT not in json.dumps(document)


async def test_files_that_cannot_be_read_are_typed_errors(scanner: LocalMediaScanner, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as missing:
        await scanner.scan(tmp_path / "nowhere.png", item="1")
    assert missing.value.code == "UNREADABLE_FILE"
    with pytest.raises(UnreadableFileError):
        await scanner.scan(tmp_path, item="1")
    large = tmp_path / "large"
    large.write_bytes(b"x" * 100_001)
    with pytest.raises(TooLargeError):
        await scanner.scan(large, item="1")
    with pytest.raises(InvalidInputError, match="no bytes"):
        await scanner.scan(b"", item="1")


async def test_an_ordinary_picture_is_allowed_without_a_claim(scanner: LocalMediaScanner) -> None:
    document = scan_to_json(await scanner.scan(picture("JPEG"), item="1"))
    assert document["decision"] == "ALLOW"
    assert document["ai_generated"] == {"verdict": "no_evidence", "p_value": None, "by": []}
