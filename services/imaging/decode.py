"""The hardened decode: a file in, canonical views and hashes out, or a named refusal."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.imaging.canonical import Canonical, canonical
from services.imaging.errors import (
    CorruptImageError,
    ImageError,
    TooManyBytesError,
    TooManyFramesError,
    TooManyPixelsError,
    TruncatedImageError,
)
from services.imaging.formats import ImageFormat, sniff
from services.imaging.frames import sample_frames
from services.imaging.hashes import ImageHash, hash_image
from services.imaging.limits import DecodeLimits
from services.imaging.openers import open_image

Pixels = NDArray[np.uint8]
"""uint8 [height, width, 3], RGB."""


class Background(StrEnum):
    """What a view's transparent parts were laid on."""

    NONE = "none"
    WHITE = "white"
    BLACK = "black"


@dataclass(frozen=True, slots=True)
class View:
    """A frame as it may be seen, reduced to working size."""

    frame: int
    background: Background
    rgb: Pixels


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """A picture that was read whole. Plain values only, so that it can cross processes.

    Attributes:
        hash: of the first frame, transparent parts on white.
        frame_count: frames in the file; `views` holds those that were sampled.
        views: never empty; a see-through frame is there twice, on white and on black.
    """

    format: ImageFormat
    hash: ImageHash
    frame_count: int
    views: tuple[View, ...]


def decode(content: bytes, limits: DecodeLimits | None = None) -> DecodedImage:
    """Decode a file of any allowed format.

    Raises ImageError's subclasses and nothing else (MemoryError apart). Sizes are checked
    from headers before pixels are made; what the decoder warns about is refused.
    """
    limits = limits or DecodeLimits()
    if len(content) > limits.max_bytes:
        raise TooManyBytesError(f"the file has {len(content)} bytes, the limit is {limits.max_bytes}")
    image_format = sniff(content)
    _refuse_warnings()
    try:
        with open_image(content, image_format) as image:
            return _read(content, image_format, image, limits)
    except ImageError:
        raise
    except MemoryError:
        raise
    except Exception as error:  # boundary: decoders raise anything on hostile bytes
        raise _refusal(error, image_format) from error


def _read(
    content: bytes, image_format: ImageFormat, image: Image.Image, limits: DecodeLimits
) -> DecodedImage:
    _check_size(image, limits)
    count = int(getattr(image, "n_frames", 1))
    if image.width * image.height * count > limits.max_animation_pixels and count > 1:
        raise TooManyFramesError(f"{count} frames have more than {limits.max_animation_pixels} pixels")
    views: list[View] = []
    identity: ImageHash | None = None
    for frame in sample_frames(count, limits.max_frames):
        picture = _frame(image, frame, limits)
        identity = identity or hash_image(content, np.asarray(picture.on(_WHITE)))
        views.extend(_views(frame, picture, limits.working_side))
    if identity is None:
        raise CorruptImageError("no frame could be read")
    return DecodedImage(image_format, identity, count, tuple(views))


def _frame(image: Image.Image, frame: int, limits: DecodeLimits) -> Canonical:
    if frame:
        image.seek(frame)
        _check_size(image, limits)
    image.load()
    return canonical(image)


_WHITE = (255, 255, 255)
_BLACK = (0, 0, 0)


def _views(frame: int, picture: Canonical, working_side: int) -> Iterator[View]:
    if picture.alpha is None:
        yield View(frame, Background.NONE, _working(picture.rgb, working_side))
        return
    yield View(frame, Background.WHITE, _working(picture.on(_WHITE), working_side))
    yield View(frame, Background.BLACK, _working(picture.on(_BLACK), working_side))


def _working(rgb: Image.Image, side: int) -> Pixels:
    """Averaged down by a whole factor where the picture is at least twice as long as needed."""
    factor = max(rgb.size) // side
    return np.asarray(rgb.reduce(factor) if factor > 1 else rgb)


def _check_size(image: Image.Image, limits: DecodeLimits) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise CorruptImageError("a side of no pixels")
    if width * height > limits.max_pixels or max(width, height) > limits.max_side:
        raise TooManyPixelsError(
            f"{width}x{height} pixels; the limit is {limits.max_pixels}, {limits.max_side} a side"
        )


# A static filter, because `warnings.catch_warnings` is not safe where threads decode side by side.


def _refuse_warnings() -> None:
    """Make every warning from Pillow's modules an exception, process-wide, once."""
    if not any(action == "error" and _is_ours(module) for action, _, _, module, _ in warnings.filters):
        warnings.filterwarnings("error", module=_DECODERS)


_DECODERS = r"(PIL|pillow_heif)(\.|$)"


def _is_ours(module: object) -> bool:
    return getattr(module, "pattern", None) == _DECODERS


def _refusal(error: Exception, image_format: ImageFormat) -> ImageError:
    """The named refusal for what a decoder raised; its own words stay in the exception chain."""
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return TooManyPixelsError("the picture has more pixels than the decoder accepts")
    if isinstance(error, EOFError) or "truncated" in str(error).lower():
        return TruncatedImageError(f"the {image_format.name} file ends too early")
    return CorruptImageError(f"the {image_format.name} file cannot be decoded")
