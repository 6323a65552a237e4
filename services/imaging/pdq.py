"""PDQ, the perceptual image hash of ThreatExchange ("The TMK+PDQF Video-Hashing Algorithm and
the PDQ Image-Hashing Algorithm", Facebook 2019), in numpy.

The published steps are: luminance; two passes of a box filter along rows and columns whose
window is 1/128 of the side (a "Jarosz" filter); every 64th part sampled to 64x64; the 16x16
lowest non-constant terms of its DCT-II; one bit a term, set where it exceeds their median.
Filtering and sampling are linear and separable, so each sample is one weighted sum along a row and
a column: the picture is read once, and only where a sample looks at it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_SIDE = 64
_TERMS = 16
_LEAST_SIDE = 5
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def pdq(rgb: NDArray[np.uint8]) -> tuple[bytes, int]:
    """Hash and quality of a picture.

    Args:
        rgb: uint8 [height, width, 3].

    Returns:
        32 bytes, most significant bit first, and quality 0..100. A picture with a side under
        5 pixels has the zero hash of quality 0.
    """
    if min(rgb.shape[:2]) < _LEAST_SIDE:
        return bytes(32), 0
    samples = _sampled(rgb)
    return _bits(_dct(samples)), _quality(samples)


def dihedral(rgb: NDArray[np.uint8]) -> tuple[bytes, ...]:
    """Hashes of the picture turned and mirrored: itself, its left-right flip, its top-bottom flip,
    turned by 180°, and the same four of its transpose (so turned by 90°, 270° among them).

    Made from one DCT: mirroring an axis changes the sign of its odd terms.
    """
    terms = _dct(_sampled(rgb))
    signs = _alternating()
    across, down = signs[None, :], signs[:, None]
    upright = (terms, terms * across, terms * down, terms * across * down)
    return tuple(_bits(each) for each in (*upright, *(each.T for each in upright)))


def _sampled(rgb: NDArray[np.uint8]) -> Floats:
    """The filtered luminance at 64x64 points, float32 in 0..255."""
    height, width = rgb.shape[:2]
    luma = _reduced(rgb.reshape(height, width * 3)).reshape(_SIDE, width, 3) @ _LUMA
    return _reduced(np.ascontiguousarray(luma.T)).T


def _reduced(lines: NDArray[np.uint8] | Floats) -> Floats:
    """Filter and sample along the first axis: [length, n] to float32 [64, n].

    Window by window, not as one product: a large one would wake BLAS' own threads, and cores
    are shared with other pictures here.
    """
    sampled = np.empty((_SIDE, lines.shape[1]), np.float32)
    for sample, (start, weights) in enumerate(_windows(len(lines))):
        np.matmul(weights, lines[start : start + len(weights)].astype(np.float32), out=sampled[sample])
    return sampled


@lru_cache(maxsize=64)
def _windows(length: int) -> tuple[tuple[int, Floats], ...]:
    """For each of 64 samples along a side: where its window starts, and the weights in it."""
    full = (length + 2 * _SIDE - 1) // (2 * _SIDE)
    ahead = (full + 2) // 2 - 1
    behind = full - ahead - 1

    def box(at: int) -> tuple[int, int]:
        return max(0, at - behind), min(length, at + ahead + 1)

    windows = []
    for sample in range(_SIDE):
        start, stop = box(int((sample + 0.5) * length / _SIDE))
        first, last = box(start)[0], box(stop - 1)[1]
        weights = np.zeros(last - first)
        for at in range(start, stop):
            low, high = box(at)
            weights[low - first : high - first] += 1 / ((stop - start) * (high - low))
        windows.append((first, weights.astype(np.float32)))
    return tuple(windows)


@lru_cache(maxsize=1)
def _cosines() -> Floats:
    """Rows 1..16 of the orthonormal DCT-II over 64 points; row 0, the mean, is left out."""
    term = np.arange(1, _TERMS + 1)[:, None]
    point = np.arange(_SIDE)[None, :]
    cosines = np.sqrt(2 / _SIDE) * np.cos(np.pi / (2 * _SIDE) * term * (2 * point + 1))
    return np.asarray(cosines, np.float32)


def _alternating() -> Floats:
    return np.where(np.arange(1, _TERMS + 1) % 2, np.float32(-1), np.float32(1))


def _dct(samples: Floats) -> Floats:
    cosines = _cosines()
    return np.asarray(cosines @ samples @ cosines.T, np.float32)


def _bits(terms: Floats) -> bytes:
    """One bit a term, the last term first; the median of an even count is the lower middle one."""
    flat = terms.ravel()
    median = np.partition(flat, flat.size // 2 - 1)[flat.size // 2 - 1]
    return np.packbits(flat[::-1] > median).tobytes()


def _quality(samples: Floats) -> int:
    """How much there is to see: steps between neighbours in whole percent, summed, capped at 100."""
    steps = (np.diff(samples, axis=axis) * np.float32(100 / 255) for axis in (0, 1))
    total = sum(int(np.abs(np.trunc(step)).sum()) for step in steps)
    return min(100, total // 90)
