"""Commands that read files: image classify and hash, media scan, watermark embed and detect."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.command import CATEGORIES, json_lines, palisade
from tests.integration.cli.pictures import draw

IMAGE_HASH = ["id", "path", "pdq", "quality", "sha256", "width", "height"]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two pictures, and between them what is none."""
    text = tmp_path / "text.png"
    text.write_bytes(b"this is no picture")
    return [
        draw(tmp_path / "a.png", seed=1),
        text,
        tmp_path / "missing.png",
        draw(tmp_path / "b.jpg", seed=2),
    ]


def _objects(paths: list[Path]) -> list[dict[str, Any]]:
    return [{"id": number, "path": str(path)} for number, path in enumerate(paths)]


def _codes(lines: list[dict[str, Any]]) -> list[str | None]:
    return [line["error"]["code"] if "error" in line else None for line in lines]


async def test_image_hash(files: list[Path]) -> None:
    ended = await palisade("image", "hash", "--jsonl", stdin=json_lines(_objects(files)))
    assert ended.status == 1
    assert [line["id"] for line in ended.lines] == [0, 1, 2, 3]
    assert _codes(ended.lines) == [None, "UNSUPPORTED_FORMAT", "UNREADABLE_FILE", None]
    first = ended.lines[0]
    assert list(first) == IMAGE_HASH
    assert first["path"] == str(files[0])
    assert len(bytes.fromhex(first["pdq"])) == 32
    assert 0 <= first["quality"] <= 100
    assert first["sha256"] == hashlib.sha256(files[0].read_bytes()).hexdigest()
    assert (first["width"], first["height"]) == (512, 512)
    named = await palisade("image", "hash", "--jsonl", str(files[0]))
    assert named.status == 0
    assert named.lines == [{**first, "id": str(files[0])}]


async def test_image_classify_says_what_no_model_judged(files: list[Path]) -> None:
    ended = await palisade("image", "classify", "--json", *(str(path) for path in files))
    assert ended.status == 1
    assert _codes(ended.lines) == [None, "UNSUPPORTED_FORMAT", "UNREADABLE_FILE", None]
    line = ended.lines[0]
    assert {"id", "path", "decision", "categories", "absent"} <= set(line)
    assert line["categories"] == dict.fromkeys(CATEGORIES)
    assert [(each["detector"], each["cause"]) for each in line["absent"]] == [
        ("image_model", "not_configured")
    ]


async def test_media_scan(files: list[Path]) -> None:
    ended = await palisade("media", "scan", "--jsonl", stdin=json_lines(_objects(files)))
    assert ended.status == 1
    assert [line["id"] for line in ended.lines] == [0, 1, 2, 3]
    # To the scanner any bytes are an upload.
    assert _codes(ended.lines) == [None, None, "UNREADABLE_FILE", None]
    line = ended.lines[0]
    assert list(line)[:6] == ["id", "path", "decision", "ai_generated", "signals", "absent"]
    assert set(line["ai_generated"]) == {"verdict", "p_value", "by"}
    assert line["ai_generated"]["verdict"] == "no_evidence"
    assert line["signals"]
    for signal in line["signals"]:
        assert list(signal) == ["detector", "version", "verdict", "p_value", "p_kind", "evidence"]


async def test_what_watermark_embeds_it_detects(files: list[Path], tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("a key that only tests use, long enough")
    marked = await palisade(
        *("watermark", "embed", "--jsonl", "--key", str(key), "--output-dir", str(tmp_path / "marked")),
        stdin=json_lines([{"id": "item", "path": str(files[0])}, {"id": "none", "path": str(files[2])}]),
    )
    assert marked.status == 1
    assert list(marked.lines[0]) == ["id", "output", "payload"]
    assert _codes(marked.lines) == [None, "UNREADABLE_FILE"]
    output = marked.lines[0]["output"]
    found = await palisade("watermark", "detect", "--json", "--key", str(key), output, str(files[0]))
    assert found.status == 0
    with_mark, without = found.lines
    assert list(with_mark) == ["id", "path", "detected", "p_value", "payload"]
    assert with_mark["detected"]
    assert with_mark["payload"] == marked.lines[0]["payload"]
    assert with_mark["p_value"] < 1e-6 < without["p_value"]
    assert (without["detected"], without["payload"]) == (False, None)


async def test_two_files_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("a key that only tests use, long enough")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    paths = [str(draw(tmp_path / folder / "same.png", seed=3)) for folder in ("one", "two")]
    output = str(tmp_path / "marked")
    marked = await palisade("watermark", "embed", "--json", "--key", str(key), "--output-dir", output, *paths)
    assert len({line["output"] for line in marked.lines}) == 2
    assert len({line["payload"] for line in marked.lines}) == 2


async def test_an_unusable_key_is_bad_usage(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "short").write_text("short")
    ended = await palisade("watermark", "detect", "--key", str(tmp_path / "short"), str(files[0]))
    assert ended.status == 2
    assert "key" in ended.err
