"""Which object store the settings mean."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from services.chassis.errors import SettingsError
from services.chassis.objects.folder import FolderStore
from services.chassis.objects.memory import MemoryStore
from services.chassis.objects.s3 import S3Store
from services.chassis.objects.store import ObjectStore
from services.chassis.settings import ObjectSettings

VARIABLE = "PALISADE_OBJECTS__URL"


def open_store(settings: ObjectSettings) -> ObjectStore:
    """The store of `file:///folder`, `s3://bucket/prefix` or `memory://`; SettingsError otherwise."""
    if not settings.url:
        raise SettingsError(f"{VARIABLE} is needed: file:///folder or s3://bucket/prefix")
    parts = urlsplit(settings.url)
    if parts.query or parts.fragment:
        raise SettingsError(f"{VARIABLE}: a query or fragment means nothing here")
    match parts.scheme:
        case "file" if parts.netloc in ("", "localhost") and parts.path.startswith("/"):
            return FolderStore(Path(unquote(parts.path)))
        case "s3" if parts.netloc:
            return S3Store(parts.netloc, parts.path.strip("/"), settings)
        case "memory" if not parts.netloc and not parts.path:
            return MemoryStore()
    raise SettingsError(f"{VARIABLE}: {settings.url!r} is neither file:///folder nor s3://bucket/prefix")
