"""The canonical picture: what a person would see, in 8-bit RGB, whatever the file's encoding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from services.imaging.errors import CorruptImageError, UnsupportedFormatError

_DEEP_MODES = {"I;16", "I;16L", "I;16B", "I;16N", "I", "F"}
_ALPHA_MODES = {"RGBA", "RGBa", "LA", "La", "PA"}
_FULL_SCALES = (255.0, 65535.0, float(2**31 - 1))


@dataclass(frozen=True, slots=True)
class Canonical:
    """One frame: RGB, and alpha where some of it can be seen through."""

    rgb: Image.Image
    alpha: Image.Image | None

    def on(self, background: tuple[int, int, int]) -> Image.Image:
        """The frame laid on a plain background."""
        if self.alpha is None:
            return self.rgb
        ground = Image.new("RGB", self.rgb.size, background)
        ground.paste(self.rgb, mask=self.alpha)
        return ground


def canonical(frame: Image.Image) -> Canonical:
    """Turn a loaded frame upright and into RGB.

    UnsupportedFormatError for a colour mode without a reading, CorruptImageError for samples
    that are no numbers.
    """
    upright = ImageOps.exif_transpose(frame)
    if upright.mode in _DEEP_MODES:
        return _deep(upright)
    if upright.mode in _ALPHA_MODES or "transparency" in upright.info:
        rgba = upright.convert("RGBA")
        alpha = rgba.getchannel("A")
        return Canonical(rgba.convert("RGB"), alpha if _see_through(alpha) else None)
    if upright.mode == "LAB":
        return Canonical(_from_lab(upright), None)
    try:
        return Canonical(upright.convert("RGB"), None)
    except ValueError as error:
        raise UnsupportedFormatError(f"colour mode {upright.mode} cannot be read") from error


def _deep(frame: Image.Image) -> Canonical:
    """Grey of more than 8 bits: scaled, where Pillow's own conversion would clip it to white."""
    samples = np.asarray(frame)
    alpha = None
    key = frame.info.get("transparency")
    if isinstance(key, int):
        alpha = Image.fromarray(np.where(samples == key, 0, 255).astype(np.uint8))
    return Canonical(Image.fromarray(_scaled(samples, frame.mode)).convert("RGB"), alpha)


def _scaled(samples: NDArray[np.generic], mode: str) -> NDArray[np.uint8]:
    """To 0..255 by the smallest full scale that holds every sample; negative ones are shifted up."""
    values = samples.astype(np.float64)
    if not np.isfinite(values).all():
        raise CorruptImageError("samples that are not finite numbers")
    values -= min(0.0, float(values.min(initial=0.0)))
    peak = float(values.max(initial=0.0))
    if mode.startswith("I;16"):
        scale = _FULL_SCALES[1]
    elif mode == "F" and peak <= 1.0:
        scale = 1.0
    else:
        scale = next((full for full in _FULL_SCALES if peak <= full), peak)
    return np.rint(values * (255.0 / scale)).astype(np.uint8)


def _see_through(alpha: Image.Image) -> bool:
    lowest, _ = alpha.getextrema()
    return isinstance(lowest, int | float) and lowest < 255


def _from_lab(frame: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(frame, lab, srgb, outputMode="RGB")
    if converted is None:
        raise UnsupportedFormatError("CIELAB picture cannot be read")
    return converted
