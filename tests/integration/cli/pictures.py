"""Drawn pictures for the command's tests."""

from pathlib import Path

import numpy as np
from PIL import Image


def draw(path: Path, *, seed: int, side: int = 512) -> Path:
    """A smooth coloured field; another seed is another picture."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (16, 16, 3), dtype=np.uint8)
    Image.fromarray(small).resize((side, side), Image.Resampling.BICUBIC).save(path)
    return path
