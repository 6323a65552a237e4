"""The part of a picture's spectrum that carries the mark.

The type-II DCT of a picture has, at index (u, v), the content of u/2 by v/2 cycles per
picture. Scaling the picture keeps those, so the same indices are found again at any size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
"""float32 [height, width], luminance in 0..255."""
Coefficients = NDArray[np.float32]
"""float32 [N], the band's coefficients in a fixed order."""

# Below, pictures have their strongest content; above, JPEG and down-scaling erase.
_LOWEST, _HIGHEST = 32, 160
MIN_SIDE = 176
"""Pixels. A smaller picture has no room for the band."""


@lru_cache(maxsize=1)
def _band() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices (u, v) of the quarter ring, row by row."""
    index = np.arange(_HIGHEST + 1)
    radius = np.hypot(index[:, None], index[None, :])
    rows, columns = np.nonzero((radius >= _LOWEST) & (radius <= _HIGHEST))
    return rows, columns


def band_size() -> int:
    """How many coefficients the band has."""
    return len(_band()[0])


def radii() -> NDArray[np.float32]:
    """Distance of each coefficient from the origin, float32 [N]."""
    rows, columns = _band()
    result: NDArray[np.float32] = np.hypot(rows, columns).astype(np.float32)
    return result


@lru_cache(maxsize=8)
def _basis(side: int) -> Plane:
    """The first rows of the orthonormal DCT of `side` samples, float32 [161, side]."""
    index = np.arange(_HIGHEST + 1)[:, None]
    basis = np.cos(np.pi * index * (np.arange(side)[None, :] + 0.5) / side) * np.sqrt(2.0 / side)
    basis[0] /= np.sqrt(2.0)
    result: Plane = basis.astype(np.float32)
    return result


@dataclass(frozen=True, slots=True)
class Band:
    """The carrier band of pictures of one size; both sides at least MIN_SIDE."""

    height: int
    width: int

    def analyse(self, plane: Plane) -> Coefficients:
        """The band's coefficients of a plane."""
        spectrum = _basis(self.height) @ plane @ _basis(self.width).T
        band: Coefficients = spectrum[_band()].astype(np.float32, copy=False)
        return band

    def synthesise(self, coefficients: Coefficients) -> Plane:
        """The plane that has these coefficients and no others; energy is kept."""
        spectrum = np.zeros((_HIGHEST + 1, _HIGHEST + 1), dtype=np.float32)
        spectrum[_band()] = coefficients
        plane = _basis(self.height).T @ spectrum @ _basis(self.width)
        return plane.astype(np.float32, copy=False)
