"""The decoder of each allowed format, by its own class.

`Image.open` is not used: it tries every registered plug-in in turn, and naming the allowed ones
is a trap of its own ("MPO" raises KeyError, because such files are opened through JPEG).
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from services.imaging.errors import UnsupportedFormatError
from services.imaging.formats import ImageFormat


def open_image(content: bytes, image_format: ImageFormat) -> Image.Image:
    """Read the header only. Raises whatever the decoder raises."""
    if image_format is ImageFormat.JPEG:
        return JpegImagePlugin.jpeg_factory(BytesIO(content))
    if image_format is ImageFormat.HEIC:
        return _open_heic(content)
    return _CLASSES[image_format](BytesIO(content))


_CLASSES: Mapping[ImageFormat, type[ImageFile.ImageFile]] = MappingProxyType(
    {
        ImageFormat.PNG: PngImagePlugin.PngImageFile,
        ImageFormat.WEBP: WebPImagePlugin.WebPImageFile,
        ImageFormat.GIF: GifImagePlugin.GifImageFile,
        ImageFormat.BMP: BmpImagePlugin.BmpImageFile,
        ImageFormat.TIFF: TiffImagePlugin.TiffImageFile,
        ImageFormat.AVIF: AvifImagePlugin.AvifImageFile,
    }
)


def _open_heic(content: bytes) -> Image.Image:
    try:
        from pillow_heif import HeifImageFile
    except ImportError:
        raise UnsupportedFormatError("HEIC is not supported by this installation") from None
    image: Image.Image = HeifImageFile(BytesIO(content))  # type: ignore[no-untyped-call]
    return image
