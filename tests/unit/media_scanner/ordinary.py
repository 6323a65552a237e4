"""Pictures that say nothing of AI: photographs that packages ship, and drawn ones in every format."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import skimage
import sklearn
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.unit.media_scanner.writers import jpeg_exif, jpeg_xmp, picture


def photographs() -> Iterator[tuple[str, bytes]]:
    """Files as they were shipped."""
    folders = (Path(skimage.__file__).parent / "data", Path(sklearn.__file__).parent / "datasets" / "images")
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix in {".png", ".jpg"}:
                yield path.name, path.read_bytes()


def ordinary_files() -> Iterator[tuple[str, bytes]]:
    """Photographs, drawn pictures in three formats, and files with everyday metadata."""
    yield from photographs()
    for seed in range(10):
        for kind in ("PNG", "JPEG", "WEBP"):
            yield f"{kind} {seed}", picture(kind, seed)
    yield (
        "camera",
        jpeg_exif(Make=b"Canon\0", Model=b"EOS R5\0", Software=b"Firmware 1.8.1\0", Artist=b"N. N.\0"),
    )
    yield "lightroom", jpeg_xmp(attributes='xmp:CreatorTool="Adobe Photoshop Lightroom 7.0"')
    yield "png text", _png_text({"Software": "Adobe ImageReady", "Title": "a boat", "Comment": "Steps: 3"})
    yield "matplotlib", _png_text({"Software": "Matplotlib version 3.9.0, https://matplotlib.org/"})
    capture = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
    yield "capture", jpeg_xmp(f"<iptcExt:DigitalSourceType>{capture}</iptcExt:DigitalSourceType>")
    algorithmic = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
    yield "fractal", jpeg_xmp(f"<iptcExt:DigitalSourceType>{algorithmic}</iptcExt:DigitalSourceType>")


def _png_text(entries: dict[str, str]) -> bytes:
    info = PngInfo()
    for key, value in entries.items():
        info.add_text(key, value)
    target = io.BytesIO()
    Image.open(io.BytesIO(picture("PNG"))).save(target, "PNG", pnginfo=info)
    return target.getvalue()
