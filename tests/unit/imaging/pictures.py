"""Benign pictures for tests, and files made of them."""

from io import BytesIO

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image
from skimage import data

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIC")


def shipped(name: str) -> NDArray[np.uint8]:
    """A photograph that scikit-image ships, uint8 [height, width, 3]."""
    picture: NDArray[np.uint8] = getattr(data, name)()
    return picture if picture.ndim == 3 else np.stack([picture] * 3, -1)


def photograph(side: int = 256) -> Image.Image:
    """A photograph of a coffee cup that scikit-image ships, square."""
    return Image.fromarray(shipped("coffee")).crop((0, 0, 400, 400)).resize((side, side))


def drawing(width: int, height: int) -> Image.Image:
    """A smooth ramp with a bright block at the top left: every orientation of it is different."""
    x, y = np.meshgrid(np.linspace(0, 200, width), np.linspace(0, 120, height))
    pixels: NDArray[np.uint8] = np.stack([x, y, (x + y) / 2], -1).astype(np.uint8)
    pixels[: height // 4, : width // 4] = 255
    return Image.fromarray(pixels)


def file(picture: Image.Image, image_format: str = "PNG", **options: object) -> bytes:
    """The picture as a file of that format."""
    out = BytesIO()
    if image_format == "HEIC":
        pillow_heif.from_pillow(picture).save(out, **options)
    else:
        picture.save(out, image_format, **options)
    return out.getvalue()


def animation(frames: list[Image.Image], image_format: str) -> bytes:
    """The frames as one file."""
    return file(frames[0], image_format, save_all=True, append_images=frames[1:], duration=40)
