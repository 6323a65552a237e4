"""Which file formats are read, told by their first bytes and by nothing the sender says."""

from __future__ import annotations

from enum import StrEnum

from services.imaging.errors import UnsupportedFormatError


class ImageFormat(StrEnum):
    """The allow-list; the value is the media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    BMP = "image/bmp"
    TIFF = "image/tiff"
    AVIF = "image/avif"
    HEIC = "image/heic"


_MAGIC = (
    (b"\xff\xd8\xff", ImageFormat.JPEG),
    (b"\x89PNG\r\n\x1a\n", ImageFormat.PNG),
    (b"GIF87a", ImageFormat.GIF),
    (b"GIF89a", ImageFormat.GIF),
    (b"BM", ImageFormat.BMP),
    (b"II*\0", ImageFormat.TIFF),
    (b"MM\0*", ImageFormat.TIFF),
    (b"II+\0", ImageFormat.TIFF),
    (b"MM\0+", ImageFormat.TIFF),
)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}


def sniff(content: bytes) -> ImageFormat:
    """The format of a file by its magic; UnsupportedFormatError for anything not allowed."""
    for magic, image_format in _MAGIC:
        if content.startswith(magic):
            return image_format
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ImageFormat.WEBP
    if content[4:8] == b"ftyp":
        return _by_brands(content)
    raise UnsupportedFormatError("not an image of a supported format")


def _by_brands(content: bytes) -> ImageFormat:
    """AVIF or HEIC by the brands of an ISO base media file (ISO/IEC 14496-12 §4.3)."""
    end = min(int.from_bytes(content[:4], "big"), 256)
    brands = {content[8:12]} | {content[at : at + 4] for at in range(16, end, 4)}
    if brands & _AVIF_BRANDS:
        return ImageFormat.AVIF
    if brands & _HEIC_BRANDS:
        return ImageFormat.HEIC
    raise UnsupportedFormatError("a media container without a supported still image")
