"""What identifies a picture: its bytes exactly, its looks approximately."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.imaging.pdq import pdq

MATCHABLE_QUALITY = 50
"""Below this PDQ quality a hash says too little to be matched (PDQ's own recommendation)."""


@dataclass(frozen=True, slots=True)
class ImageHash:
    """Hashes of one picture.

    Attributes:
        pdq: 64 hex digits of the canonical picture's PDQ hash, most significant bit first.
        quality: PDQ quality, 0..100.
        sha256: of the file, lower-case hex.
        width: of the canonical picture (orientation applied), pixels; `height` likewise.
    """

    pdq: str
    quality: int
    sha256: str
    width: int
    height: int

    @property
    def matchable(self) -> bool:
        return self.quality >= MATCHABLE_QUALITY


def hash_image(content: bytes, rgb: NDArray[np.uint8]) -> ImageHash:
    """Hash a file and its canonical picture, uint8 [height, width, 3]."""
    bits, quality = pdq(rgb)
    height, width = rgb.shape[:2]
    return ImageHash(bits.hex(), quality, hashlib.sha256(content).hexdigest(), width, height)


def distance(one: str, other: str) -> int:
    """Hamming distance of two hashes in hex: bits that differ, 0..256."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
