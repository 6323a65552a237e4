"""From a canonical view to a model's input tensor, and back from its boxes to the view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.chassis.signals import Box
from services.image_classifier.contract import Channels, InputSpec, Layout, Resize

_FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the view lies on the input: its left top corner and its size, in input pixels."""

    left: float
    top: float
    width: float
    height: float

    def box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Input pixels as fractions of the view, cut at its edges."""

        def part(value: float, start: float, length: float) -> float:
            return min(1.0, max(0.0, (value - start) / length))

        return Box(
            part(left, self.left, self.width),
            part(top, self.top, self.height),
            part(right, self.left, self.width),
            part(bottom, self.top, self.height),
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """A model's input, float32 [1, 3, height, width] or [1, height, width, 3]."""

    tensor: NDArray[np.float32]
    placement: Placement


def prepare(rgb: NDArray[np.uint8], spec: InputSpec) -> Prepared:
    """Resize, scale, normalise and lay out a view, uint8 [height, width, 3]."""
    placement = _placement(rgb.shape[1], rgb.shape[0], spec)
    pixels = np.asarray(_placed(Image.fromarray(rgb), placement, spec), np.float32)
    if spec.channels is Channels.BGR:
        pixels = pixels[..., ::-1]
    scale = np.float32(spec.full_scale / 255)
    tensor = (pixels * scale - np.asarray(spec.mean, np.float32)) / np.asarray(spec.std, np.float32)
    if spec.layout is Layout.NCHW:
        tensor = tensor.transpose(2, 0, 1)
    return Prepared(np.ascontiguousarray(tensor[None], np.float32), placement)


def _placement(width: int, height: int, spec: InputSpec) -> Placement:
    if spec.resize is Resize.STRETCH:
        return Placement(0, 0, spec.width, spec.height)
    across, down = spec.width / width, spec.height / height
    if spec.resize is Resize.PAD:
        scale = min(across, down)
        return Placement(0, 0, max(1, round(width * scale)), max(1, round(height * scale)))
    scale = max(across, down) * spec.enlarge
    wide, high = width * scale, height * scale
    return Placement((spec.width - wide) / 2, (spec.height - high) / 2, wide, high)


def _placed(view: Image.Image, place: Placement, spec: InputSpec) -> Image.Image:
    """The part of the view that the input shows is resampled in one step."""
    resample = _FILTERS[spec.filter]
    if spec.resize is Resize.PAD:
        ground = Image.new("RGB", (spec.width, spec.height))
        ground.paste(view.resize((round(place.width), round(place.height)), resample))
        return ground
    across, down = view.width / place.width, view.height / place.height
    left, top = -place.left * across, -place.top * down
    shown = (left, top, left + spec.width * across, top + spec.height * down)
    return view.resize((spec.width, spec.height), resample, box=shown)
