"""What is particular to objects as files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.chassis.errors import UnavailableError
from services.chassis.objects.folder import FolderStore
from services.chassis.objects.store import reference

CONTENT = b"benign bytes"
SHA256 = reference(CONTENT, "").sha256


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


async def test_files_are_spread_over_folders_by_their_first_digits(tmp_path: Path) -> None:
    await FolderStore(tmp_path / "new").put(CONTENT)
    assert (tmp_path / "new" / SHA256[:2] / SHA256).read_bytes() == CONTENT


async def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(UnavailableError, match="No space left"):
        await FolderStore(tmp_path).put(CONTENT)
    assert _files(tmp_path) == []


async def test_a_truncated_file_is_replaced_by_the_next_put(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    await store.put(CONTENT)
    (tmp_path / SHA256[:2] / SHA256).write_bytes(CONTENT[:3])
    await store.put(CONTENT)
    assert await store.get(SHA256, max_bytes=100) == CONTENT


async def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnavailableError, match="cannot be written"):
        await FolderStore(tmp_path / "file").put(CONTENT)
