"""Embedding: every carrier is moved towards what the key wants, no further than needed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from services.chassis.errors import InvalidInputError
from services.media_scanner.watermark.key import PAYLOAD_BITS, Carriers, WatermarkKey
from services.media_scanner.watermark.spectrum import MIN_SIDE, Band, Coefficients, Plane

Pixels = NDArray[np.uint8]
"""uint8 [height, width, 3], RGB."""

PILOT_SHARE = 0.4
"""Part of the mark's energy that goes into being found; the rest into being read."""
DEFAULT_PSNR = 42.0
"""Decibels between the picture and the marked picture."""
# Mean square error of rounding to whole levels; it counts towards the PSNR too.
_ROUNDING = 1 / 12
# Above, little is left beside rounding.
_MAX_PSNR = 50.0
_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)


class TooSmallError(InvalidInputError):
    """The picture has no room for the mark."""

    code = "PICTURE_TOO_SMALL"


def luminance(pixels: Pixels) -> Plane:
    """Rec. 601 luma, float32 [height, width]."""
    plane: Plane = pixels.astype(np.float32) @ _LUMINANCE
    return plane


def band_of(pixels: Pixels) -> Band:
    """The carrier band; TooSmallError where a side is below MIN_SIDE."""
    height, width = pixels.shape[:2]
    if min(height, width) < MIN_SIDE:
        raise TooSmallError(f"a picture to be marked needs {MIN_SIDE} pixels a side")
    return Band(height, width)


def embed(pixels: Pixels, key: WatermarkKey, payload: bytes, *, psnr: float = DEFAULT_PSNR) -> Pixels:
    """The marked picture, same shape. `payload` is 8 bytes; `psnr` in dB, at most 50."""
    if len(payload) * 8 != PAYLOAD_BITS:
        raise InvalidInputError(f"a payload has {PAYLOAD_BITS // 8} bytes", code="BAD_PAYLOAD")
    if not 0 < psnr <= _MAX_PSNR:
        raise InvalidInputError(f"psnr must be above 0 and at most {_MAX_PSNR:g} dB", code="BAD_PSNR")
    band = band_of(pixels)
    carriers = key.carriers()
    host = band.analyse(luminance(pixels))
    energy = pixels.shape[0] * pixels.shape[1] * (255.0**2 * 10 ** (-psnr / 10) - _ROUNDING)
    coefficients = np.zeros_like(host)
    coefficients[carriers.pilots] = _pilots(host, carriers, energy * PILOT_SHARE)
    coefficients[carriers.payload] = _payload(host, carriers, payload, energy * (1 - PILOT_SHARE))
    change = band.synthesise(coefficients)
    marked = pixels.astype(np.float32) + change[..., None]
    result: Pixels = np.clip(np.rint(marked), 0, 255).astype(np.uint8)
    return result


def _pilots(host: Coefficients, carriers: Carriers, energy: float) -> Coefficients:
    """Changes that push pilots to their signs, each by at most `step` and to `step` at most.

    What already agrees with room to spare costs nothing.
    """
    signs = carriers.signs[carriers.pilots]
    aligned = host[carriers.pilots] * signs
    step = _largest(lambda step: np.clip(step - aligned, 0.0, step), energy)
    result: Coefficients = (np.clip(step - aligned, 0.0, step) * signs).astype(np.float32)
    return result


def _payload(host: Coefficients, carriers: Carriers, payload: bytes, energy: float) -> NDArray[np.float32]:
    """Changes that lift every bit's vote to one margin, float32 [PAYLOAD_BITS, per bit].

    The picture's own vote is known here, so it is outweighed exactly instead of drowned
    (improved spread spectrum, Malvar and Florencio 2003).
    """
    bits = np.unpackbits(np.frombuffer(payload, dtype=np.uint8)).astype(np.float32) * 2 - 1
    directions = carriers.vote_weights() * bits[:, None]
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    votes = (host[carriers.payload] * directions).sum(axis=1)
    margin = _largest(lambda margin: np.maximum(margin - votes, 0.0), energy)
    result: NDArray[np.float32] = directions * np.maximum(margin - votes, 0.0)[:, None]
    return result


def _largest(change: Callable[[float], NDArray[np.float32]], energy: float) -> float:
    """The largest step whose changes stay within the energy, by bisection."""
    low, high = 0.0, 2.0 * float(np.sqrt(energy))
    for _ in range(40):
        step = (low + high) / 2
        if float(np.square(change(step), dtype=np.float64).sum()) > energy:
            high = step
        else:
            low = step
    return low
