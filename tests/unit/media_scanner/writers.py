"""Small writers: metadata as generators leave it, put into plain pictures."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from functools import cache

import numpy as np
from PIL import Image

PROMPT = "a lighthouse at dawn"
TAGS = {
    "DocumentName": 0x010D,
    "ImageDescription": 0x010E,
    "Make": 0x010F,
    "Model": 0x0110,
    "Software": 0x0131,
    "Artist": 0x013B,
    "UserComment": 0x9286,
    "MakerNote": 0x927C,
}


@cache
def picture(kind: str = "PNG", seed: int = 1, side: int = 48) -> bytes:
    """A file of smooth colours."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 255, (6, 6, 3), dtype=np.uint8))
    target = io.BytesIO()
    small.resize((side, side), Image.Resampling.BICUBIC).save(target, kind)
    return target.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes, after: bool = False, base: bytes | None = None) -> bytes:
    """A PNG with these chunks after its header, or after its picture data."""
    base = base or picture("PNG")
    at = base.index(b"IEND") - 4 if after else 8 + 25
    return base[:at] + b"".join(chunks) + base[at:]


def text(keyword: str, value: str) -> bytes:
    return png_chunk(b"tEXt", keyword.encode("latin-1") + b"\0" + value.encode("utf-8"))


def ztext(keyword: str, value: bytes) -> bytes:
    return png_chunk(b"zTXt", keyword.encode() + b"\0\0" + zlib.compress(value))


def itext(keyword: str, value: str, *, compressed: bool = False) -> bytes:
    raw = zlib.compress(value.encode()) if compressed else value.encode()
    return png_chunk(b"iTXt", keyword.encode() + b"\0" + bytes([compressed, 0]) + b"\0\0" + raw)


def exif(
    tags: Mapping[str, bytes], *, order: str = ">", nested: tuple[str, ...] = ("UserComment", "MakerNote")
) -> bytes:
    """A TIFF block: `nested` tags in the Exif directory, the others in the first."""
    first = {TAGS[name]: value for name, value in tags.items() if name not in nested}
    below = {TAGS[name]: value for name, value in tags.items() if name in nested}
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8)
    at = 8 + 2 + 12 * (len(first) + bool(below)) + 4
    body, data = _directory(first, order, at)
    at += len(data)
    if below:
        body += struct.pack(order + "HHII", 0x8769, 4, 1, at)
        nested_body, nested_data = _directory(below, order, at + 2 + 12 * len(below) + 4)
        data += struct.pack(order + "H", len(below)) + nested_body + b"\0" * 4 + nested_data
    count = struct.pack(order + "H", len(first) + bool(below))
    return head + count + body + b"\0" * 4 + data


def _directory(tags: Mapping[int, bytes], order: str, at: int) -> tuple[bytes, bytes]:
    body, data = b"", b""
    for tag, value in sorted(tags.items()):
        kind = 7 if tag in {0x9286, 0x927C} else 2
        if len(value) <= 4:
            body += struct.pack(order + "HHI", tag, kind, len(value)) + value.ljust(4, b"\0")
        else:
            body += struct.pack(order + "HHII", tag, kind, len(value), at + len(data))
            data += value
    return body, data


def comment(value: str, charset: str = "UNICODE", encoding: str = "utf-16-be") -> bytes:
    return charset.encode().ljust(8, b"\0") + value.encode(encoding)


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*segments: bytes, trailer: bytes = b"") -> bytes:
    base = picture("JPEG")
    return base[:2] + b"".join(segments) + base[2:] + trailer


def jpeg_exif(**tags: bytes) -> bytes:
    return jpeg(segment(0xE1, b"Exif\0\0" + exif(tags)))


def xmp(properties: str, *, attributes: str = "") -> bytes:
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:iptcExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        f' xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" {attributes}>{properties}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def jpeg_xmp(properties: str = "", *, attributes: str = "") -> bytes:
    packet = xmp(properties, attributes=attributes)
    return jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet))


def jpeg_iim(dataset: int, value: str) -> bytes:
    body = bytes([0x1C, 2, dataset]) + struct.pack(">H", len(value)) + value.encode()
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(body)) + body + b"\0" * (len(body) % 2)
    return jpeg(segment(0xED, b"Photoshop 3.0\0" + resource))


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    base = picture("WEBP")
    extra = b"".join(
        kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for kind, body in chunks
    )
    return b"RIFF" + struct.pack("<I", len(base) - 8 + len(extra)) + base[8:] + extra
