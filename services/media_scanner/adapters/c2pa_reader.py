"""Content Credentials by the C2PA SDK (c2pa-python 0.38), offline, in bounded threads."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import c2pa

from services.chassis.errors import SettingsError
from services.media_scanner.adapters.threads import BoundedThreads
from services.media_scanner.c2pa.manifest import (
    ManifestError,
    ManifestStore,
    RemoteManifestError,
    UnsupportedMediaError,
)
from services.media_scanner.c2pa.parse import parse_store

_READABLE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/avif",
        "image/heic",
        "image/heif",
        "image/tiff",
        "image/gif",
        "image/jxl",
        "video/mp4",
        "video/quicktime",
    }
)
_KIND = re.compile(r"^([A-Za-z]{1,40}):")


def sdk_settings(folder: Path, user_anchors: Sequence[Path] = ()) -> dict[str, Any]:
    """The SDK's settings from a folder of trust lists; SettingsError names a file that is missing.

    `user_anchors` are PEM files trusted beside the official lists.
    """
    try:
        settings: dict[str, Any] = json.loads((folder / "settings.json").read_text())
        official = [
            (folder / name).read_text() for name in ("C2PA-TRUST-LIST.pem", "C2PA-TSA-TRUST-LIST.pem")
        ]
        own = [path.read_text() for path in user_anchors]
        usages = (folder / "ekus.txt").read_text()
    except (OSError, ValueError) as error:
        raise SettingsError(f"C2PA trust: {error}") from error
    settings["trust"] = {"trust_anchors": "\n".join(official), "trust_config": usages}
    if own:
        settings["trust"]["user_anchors"] = "\n".join(own)
    return settings


class SdkManifestSource:
    """ManifestSource in threads of this process.

    `max_bytes` bounds the file handed over; the manifest inside is bounded by the settings.
    """

    def __init__(self, settings: dict[str, Any], threads: BoundedThreads, *, max_bytes: int) -> None:
        self._context = c2pa.Context.from_dict(settings)
        self._threads = threads
        self._max_bytes = max_bytes

    async def read(self, content: bytes, media_type: str) -> ManifestStore | None:
        if media_type not in _READABLE:
            raise UnsupportedMediaError(f"no manifests are read from {media_type}")
        if len(content) > self._max_bytes:
            raise ManifestError(f"the file is over {self._max_bytes} bytes", code="TOO_LARGE")
        return await self._threads.run(lambda: self._read(content, media_type))

    def _read(self, content: bytes, media_type: str) -> ManifestStore | None:
        try:
            reader = c2pa.Reader.try_create(media_type, io.BytesIO(content), context=self._context)
            if reader is None:
                return None
            with reader:
                report = reader.json()
        except c2pa.C2paError as error:
            raise _named(error) from error
        return parse_store(report)


def sdk_version() -> str:
    """The version of the SDK that judges."""
    version: str = c2pa.sdk_version()
    return version


def _named(error: c2pa.C2paError) -> ManifestError:
    """The SDK tells kinds apart by the first word of its message; the rest may quote the file."""
    found = _KIND.match(str(error))
    kind = found.group(1) if found else "Other"
    if kind == "Remote":
        return RemoteManifestError("the manifest lies elsewhere and is not fetched")
    if kind == "NotSupported":
        return UnsupportedMediaError("the SDK does not read this kind of file")
    return ManifestError(f"the SDK could not read the file ({kind})")
