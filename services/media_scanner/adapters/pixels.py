"""Pixels out of files and into files, for the watermark."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from services.imaging.decode import decode
from services.imaging.limits import DecodeLimits
from services.media_scanner.watermark.embed import Pixels

_LIMITS = DecodeLimits()
# One frame at its full size: the mark's band would not survive a reduction by whole factors.
_WHOLE = DecodeLimits(working_side=_LIMITS.max_side, max_frames=1)


def read_pixels(content: bytes) -> Pixels:
    """The first frame, uint8 [height, width, 3], see-through parts on white; ImageError otherwise."""
    return decode(content, _WHOLE).views[0].rgb


def write_png(pixels: Pixels) -> bytes:
    """A PNG without any metadata."""
    target = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(target, "PNG")
    return target.getvalue()
