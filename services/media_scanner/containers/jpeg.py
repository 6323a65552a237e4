"""JPEG segments: comments, EXIF, XMP with its extension, Photoshop resources, and the trailer."""

from __future__ import annotations

from services.media_scanner.containers.exif import read_exif
from services.media_scanner.containers.fields import Collector, Metadata, Place, ReadLimits
from services.media_scanner.containers.iim import read_photoshop
from services.media_scanner.containers.text import decode
from services.media_scanner.containers.trailer import read_trailer
from services.media_scanner.containers.xmp import read_xmp

_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_XMP_EXTENSION = b"http://ns.adobe.com/xmp/extension/\x00"
_PHOTOSHOP = b"Photoshop 3.0\x00"
_END = b"\xff\xd9"
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_SOS, _EOI, _COM = 0xDA, 0xD9, 0xFE
# The only bare text that is looked for in segments of other kinds (GB 45438).
_BARE_LABEL = b"AIGC"


def read_jpeg(content: bytes, limits: ReadLimits) -> Metadata:
    """Every segment before the picture data, and what follows its end."""
    out = Collector(limits)
    extension: dict[bytes, list[tuple[int, bytes]]] = {}
    scan = _segments(content, out, extension)
    for parts in extension.values():
        read_xmp(b"".join(part for _, part in sorted(parts)), out)
    end = content.find(_END, scan) if scan is not None else -1
    if end < 0:
        out.note("truncated")
    else:
        read_trailer(content[end + len(_END) :], out)
    return out.finish("jpeg")


def _segments(content: bytes, out: Collector, extension: dict[bytes, list[tuple[int, bytes]]]) -> int | None:
    """Walk the segments; returns where picture data begins, or None where the file ends before."""
    at, blocks = 2, 0
    while at + 4 <= len(content):
        if blocks >= out.limits.blocks:
            out.note("too_many_blocks")
            return None
        if content[at] != 0xFF:
            out.note("malformed_segments")
            return None
        blocks += 1
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _STANDALONE:
            at += 2
            continue
        size = int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in {_SOS, _EOI}:
            return at
        if size < 2 or at + 2 + size > len(content):
            return None
        _segment(marker, content[at + 4 : at + 2 + size], out, extension)
        at += 2 + size
    return None


def _segment(
    marker: int, body: bytes, out: Collector, extension: dict[bytes, list[tuple[int, bytes]]]
) -> None:
    if marker == _COM:
        out.add(Place.COMMENT, "COM", decode(body.rstrip(b"\x00")))
    elif not 0xE0 <= marker <= 0xEF:
        return
    elif body.startswith(b"Exif\x00"):
        read_exif(body, out)
    elif body.startswith(_XMP):
        read_xmp(body[len(_XMP) :], out)
    elif body.startswith(_XMP_EXTENSION):
        _extension_part(body[len(_XMP_EXTENSION) :], extension)
    elif body.startswith(_PHOTOSHOP):
        read_photoshop(body[len(_PHOTOSHOP) :], out)
    elif _BARE_LABEL in body:
        out.add(Place.APP, f"APP{marker - 0xE0}", decode(body))


def _extension_part(body: bytes, extension: dict[bytes, list[tuple[int, bytes]]]) -> None:
    """GUID (32), full length (4), offset of this part (4), then its bytes."""
    offset = int.from_bytes(body[36:40], "big")
    extension.setdefault(body[:32], []).append((offset, body[40:]))
