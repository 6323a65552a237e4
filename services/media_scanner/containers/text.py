"""Text as generators really write it."""

from __future__ import annotations


def decode(raw: bytes) -> str:
    """UTF-8 where it is valid, else Latin-1: PNG says Latin-1, most writers mean UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def decode_utf16(raw: bytes) -> str:
    """UTF-16 of either byte order, found by the BOM or by where the zero bytes stand.

    EXIF's `UNICODE` leaves the order to the file's; writers ignore that in both directions.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    head = raw[:4096]
    zeros_first, zeros_second = head[0::2].count(0), head[1::2].count(0)
    return raw.decode("utf-16-be" if zeros_first >= zeros_second else "utf-16-le", "replace")


_CHARSETS = {
    b"ASCII\x00\x00\x00": decode,
    b"UNICODE\x00": decode_utf16,
    b"\x00" * 8: decode,
}


def decode_user_comment(raw: bytes) -> str:
    """EXIF UserComment: eight bytes name the character set; some writers leave them out."""
    reader = _CHARSETS.get(raw[:8])
    text = reader(raw[8:]) if reader else decode(raw)
    return text.strip("\x00")
