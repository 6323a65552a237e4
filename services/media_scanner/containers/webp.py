"""WebP's RIFF chunks that hold EXIF and XMP (RFC 9649)."""

from __future__ import annotations

from services.media_scanner.containers.exif import read_exif
from services.media_scanner.containers.fields import Collector, Metadata, ReadLimits
from services.media_scanner.containers.xmp import read_xmp


def read_webp(content: bytes, limits: ReadLimits) -> Metadata:
    """Every `EXIF` and `XMP ` chunk of the file, whether or not VP8X announces it."""
    out = Collector(limits)
    declared = int.from_bytes(content[4:8], "little") + 8
    if declared > len(content):
        out.note("truncated")
    end, at, blocks = min(declared, len(content)), 12, 0
    while at + 8 <= end:
        if blocks >= limits.blocks:
            out.note("too_many_blocks")
            break
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            out.note("truncated")
            break
        _chunk(content[at : at + 4], at + 8, size, content, out)
        at += 8 + size + size % 2
        blocks += 1
    return out.finish("webp")


def _chunk(kind: bytes, start: int, size: int, content: bytes, out: Collector) -> None:
    if kind not in {b"EXIF", b"XMP "}:
        return
    if size > out.limits.text_bytes:
        out.note("text_too_large")
    elif kind == b"EXIF":
        read_exif(content[start : start + size], out)
    else:
        read_xmp(content[start : start + size], out)
