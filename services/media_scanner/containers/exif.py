"""The few EXIF tags that carry text of generators (Exif 2.32, TIFF 6.0)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from services.media_scanner.containers.fields import Collector, Place
from services.media_scanner.containers.text import decode, decode_user_comment, decode_utf16
from services.media_scanner.containers.xmp import read_xmp

_EXIF_IFD = 0x8769
_USER_COMMENT = 0x9286
_XMP = 0x02BC
_NAMES = {
    0x010D: "DocumentName",
    0x010E: "ImageDescription",
    0x010F: "Make",
    0x0110: "Model",
    0x0131: "Software",
    0x013B: "Artist",
    0x8298: "Copyright",
    0x927C: "MakerNote",
    _USER_COMMENT: "UserComment",
    0x9C9B: "XPTitle",
    0x9C9C: "XPComment",
    0x9C9D: "XPAuthor",
    0x9C9E: "XPKeywords",
}
_UTF16 = {0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_MAX_ENTRIES = 1_000


@dataclass(frozen=True, slots=True)
class _Tiff:
    """A TIFF block and its byte order."""

    data: bytes
    order: str

    def number(self, form: str, at: int) -> int:
        value: int = struct.unpack_from(self.order + form, self.data, at)[0]
        return value


def read_exif(block: bytes, out: Collector) -> None:
    """Text tags of the first directory and its Exif directory; damage leaves a note."""
    data = block.removeprefix(b"Exif\x00\x00")
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:
        out.note("malformed_exif")
        return
    tiff = _Tiff(data, order)
    try:
        below = _directory(tiff, tiff.number("I", 4), out)
        if below is not None:
            _directory(tiff, below, out)
    except struct.error:
        out.note("malformed_exif")


def _directory(tiff: _Tiff, at: int, out: Collector) -> int | None:
    """Read one directory; returns the offset of the Exif directory where it names one."""
    below = None
    entries = tiff.number("H", at)
    if entries > _MAX_ENTRIES:
        out.note("malformed_exif")
        return None
    for entry in range(at + 2, at + 2 + 12 * entries, 12):
        tag = tiff.number("H", entry)
        if tag == _EXIF_IFD:
            below = tiff.number("I", entry + 8)
        elif tag == _XMP and (packet := _value(tiff, entry, out)):
            read_xmp(packet, out)
        elif tag in _NAMES and (text := _text(tag, _value(tiff, entry, out))):
            out.add(Place.EXIF, _NAMES[tag], text)
    return below


def _value(tiff: _Tiff, entry: int, out: Collector) -> bytes:
    size = _SIZES.get(tiff.number("H", entry + 2), 1) * tiff.number("I", entry + 4)
    start = entry + 8 if size <= 4 else tiff.number("I", entry + 8)
    if start + size > len(tiff.data):
        out.note("truncated")
        return b""
    if not out.afford(size):
        return b""
    return tiff.data[start : start + size]


def _text(tag: int, raw: bytes) -> str:
    if tag == _USER_COMMENT:
        return decode_user_comment(raw)
    if tag in _UTF16:
        return decode_utf16(raw).rstrip("\x00")
    return decode(raw).rstrip("\x00")
