"""Media type from the first bytes. A caller's content type is never believed."""

from __future__ import annotations

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
)
_BRANDS: dict[bytes, str] = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"isom": "video/mp4",
    b"iso2": "video/mp4",
    b"iso5": "video/mp4",
    b"iso6": "video/mp4",
    b"mp41": "video/mp4",
    b"mp42": "video/mp4",
    b"avc1": "video/mp4",
    b"M4V ": "video/mp4",
    b"qt  ": "video/quicktime",
}


def sniff(content: bytes) -> str | None:
    """The media type these bytes announce, or None where they announce none that is known."""
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return _iso_media(content)
    return None


def _iso_media(content: bytes) -> str | None:
    """By major brand; a generic one (mif1) gives way to a compatible brand that says more."""
    size = min(int.from_bytes(content[:4], "big"), 256)
    major = content[8:12]
    compatible = [content[at : at + 4] for at in range(16, size, 4)]
    if major in {b"mif1", b"msf1"}:
        named = [_BRANDS[brand] for brand in compatible if brand in _BRANDS]
        return next((name for name in named if name != "image/heif"), "image/heif")
    return _BRANDS.get(major)
