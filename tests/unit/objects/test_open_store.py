"""The URL decides which store it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.chassis.errors import SettingsError
from services.chassis.objects.folder import FolderStore
from services.chassis.objects.memory import MemoryStore
from services.chassis.objects.open import open_store
from services.chassis.objects.s3 import S3Store
from services.chassis.settings import ObjectSettings


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("file:///var/lib/objects", FolderStore),
        ("file://localhost/var/lib/objects", FolderStore),
        ("memory://", MemoryStore),
        ("s3://bucket", S3Store),
        ("s3://bucket/some/prefix", S3Store),
    ],
)
def test_each_scheme_opens_its_store(url: str, kind: type[object]) -> None:
    assert type(open_store(ObjectSettings(url=url))) is kind


async def test_a_folder_may_have_spaces(tmp_path: Path) -> None:
    store = open_store(ObjectSettings(url=(tmp_path / "a b").as_uri()))
    await store.put(b"x")
    assert (tmp_path / "a b").is_dir()


@pytest.mark.parametrize(
    "url",
    [
        *("", "objects", "/var/lib/objects", "http://host/path", "gs://bucket"),
        *("file://host/path", "file:relative", "s3://", "s3:///key", "memory://name", "s3://bucket?x=1"),
    ],
)
def test_anything_else_is_refused_with_the_variable(url: str) -> None:
    with pytest.raises(SettingsError, match="PALISADE_OBJECTS__URL"):
        open_store(ObjectSettings(url=url))
