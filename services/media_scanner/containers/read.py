"""One door to all container readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from services.media_scanner.containers.exif import read_exif
from services.media_scanner.containers.fields import Collector, Metadata, ReadLimits
from services.media_scanner.containers.jpeg import read_jpeg
from services.media_scanner.containers.png import read_png
from services.media_scanner.containers.webp import read_webp

Reader = Callable[[bytes, ReadLimits], Metadata]


def read_tiff(content: bytes, limits: ReadLimits) -> Metadata:
    """A TIFF file is an EXIF block with pixels; its first directory is read."""
    out = Collector(limits)
    read_exif(content, out)
    return out.finish("tiff")


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "image/jpeg": read_jpeg,
        "image/png": read_png,
        "image/tiff": read_tiff,
        "image/webp": read_webp,
    }
)


def read_metadata(content: bytes, media_type: str, limits: ReadLimits) -> Metadata | None:
    """All text fields of the file; None where its container has no reader."""
    reader = READERS.get(media_type)
    return reader(content, limits) if reader else None
