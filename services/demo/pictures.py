"""Pictures for the tour: photographs that scikit-image ships, and what is made of them on the spot."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from services.demo.signing import Authority, Claim

_PHOTOGRAPHS = ("astronaut", "chelsea", "coffee")
_PARAMETERS = (
    "a lighthouse at dawn\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: demo"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and what it is there to show."""

    title: str
    content: bytes


def photographs() -> Iterator[Picture]:
    """Ordinary photographs, re-encoded as JPEG."""
    for name in _PHOTOGRAPHS:
        yield Picture(f"photograph “{name}”", _jpeg(_photograph(name), quality=90))


def with_generator_metadata() -> Picture:
    """A PNG as a common generator's user interface saves it."""
    info = PngInfo()
    info.add_text("parameters", _PARAMETERS)
    target = io.BytesIO()
    _photograph("coffee").save(target, "PNG", pnginfo=info)
    return Picture("PNG with generator metadata", target.getvalue())


def signed() -> Picture:
    """A picture with a C2PA manifest, signed here and now by a certificate nobody trusts."""
    content = _jpeg(_photograph("coffee"), quality=90)
    return Picture("C2PA-signed, AI source type", Authority.create().sign(content, "image/jpeg", Claim()))


def recompressed(content: bytes, *, quality: int) -> bytes:
    """The picture as JPEG again, without any metadata."""
    with Image.open(io.BytesIO(content)) as picture:
        return _jpeg(picture.convert("RGB"), quality=quality)


def plain_png(name: str = "astronaut") -> bytes:
    """A photograph as PNG, ready to be marked."""
    target = io.BytesIO()
    _photograph(name).save(target, "PNG")
    return target.getvalue()


def _photograph(name: str) -> Image.Image:
    path = Path(str(resources.files("skimage").joinpath("data", f"{name}.png")))
    with Image.open(path) as picture:
        return picture.convert("RGB")


def _jpeg(picture: Image.Image, *, quality: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality)
    return target.getvalue()
