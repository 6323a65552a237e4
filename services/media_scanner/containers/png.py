"""PNG text wherever it stands, after the picture data too (W3C PNG, third edition)."""

from __future__ import annotations

import zlib

from services.media_scanner.containers.exif import read_exif
from services.media_scanner.containers.fields import Collector, Metadata, Place, ReadLimits
from services.media_scanner.containers.text import decode
from services.media_scanner.containers.xmp import read_xmp

_SIGNATURE = 8
_XMP_KEYWORD = "XML:com.adobe.xmp"


def read_png(content: bytes, limits: ReadLimits) -> Metadata:
    """Every text, EXIF and XMP chunk up to IEND. Linear in the file; CRCs are not demanded."""
    out = Collector(limits)
    view = memoryview(content)
    at, blocks = _SIGNATURE, 0
    while at + 8 <= len(view):
        size = int.from_bytes(view[at : at + 4], "big")
        kind = bytes(view[at + 4 : at + 8])
        if at + 12 + size > len(view):
            break
        _chunk(kind, view[at + 8 : at + 8 + size], out)
        at += 12 + size
        blocks += 1
        if kind == b"IEND":
            return out.finish("png")
        if blocks >= limits.blocks:
            out.note("too_many_blocks")
            return out.finish("png")
    out.note("truncated")
    return out.finish("png")


def _chunk(kind: bytes, body: memoryview, out: Collector) -> None:
    if kind not in {b"tEXt", b"zTXt", b"iTXt", b"eXIf"}:
        return
    if len(body) > out.limits.text_bytes:
        out.note("text_too_large")
    elif kind == b"eXIf":
        read_exif(bytes(body), out)
    else:
        _text_chunk(kind, bytes(body), out)


def _text_chunk(kind: bytes, body: bytes, out: Collector) -> None:
    keyword, separator, rest = body.partition(b"\x00")
    if not separator or not 1 <= len(keyword) <= 79:
        out.note("malformed_text")
        return
    raw = _payload(kind, rest, out)
    if raw is None:
        return
    key, text = decode(keyword), decode(raw)
    if key == _XMP_KEYWORD:
        read_xmp(raw, out)
    else:
        out.add(Place.TEXT, key, text)


def _payload(kind: bytes, rest: bytes, out: Collector) -> bytes | None:
    """The text bytes, inflated where they are compressed; None with a note where they cannot be had."""
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return inflate(rest[1:], out)
    if len(rest) < 2:
        out.note("malformed_text")
        return None
    compressed = rest[0] == 1
    parts = rest[2:].split(b"\x00", 2)
    if len(parts) != 3:
        out.note("malformed_text")
        return None
    return inflate(parts[2], out) if compressed else parts[2]


def inflate(packed: bytes, out: Collector) -> bytes | None:
    """Inflate up to the text limit; a bomb or a broken stream leaves a note and None."""
    if not out.afford(1):
        return None
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(packed, out.limits.text_bytes + 1)
    except zlib.error:
        out.note("malformed_compression")
        return None
    if len(raw) > out.limits.text_bytes:
        out.afford(len(raw))
        out.note("text_too_large")
        return None
    return raw
