"""PDQ step by step as it was published, slow and plain: what the fast one is held against."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def published_pdq(rgb: NDArray[np.uint8]) -> tuple[bytes, int]:
    """Hash and quality of uint8 [height, width, 3]."""
    luma = rgb @ np.array([0.299, 0.587, 0.114])
    height, width = luma.shape
    for _ in range(2):
        luma = np.apply_along_axis(_box, 1, luma, _window(width))
        luma = np.apply_along_axis(_box, 0, luma, _window(height))
    rows = [int((sample + 0.5) * height / 64) for sample in range(64)]
    columns = [int((sample + 0.5) * width / 64) for sample in range(64)]
    small = luma[np.ix_(rows, columns)]
    terms = _dct(small)
    median = sorted(terms.ravel())[127]
    bits = "".join("1" if term > median else "0" for term in terms.ravel()[::-1])
    return int(bits, 2).to_bytes(32, "big"), _quality(small)


def _window(side: int) -> int:
    return (side + 127) // 128


def _box(line: Floats, window: int) -> Floats:
    """Running mean; the window is cut at both ends. An even one reaches one further ahead."""
    ahead = (window + 2) // 2 - 1
    behind = window - ahead - 1
    return np.array([line[max(0, at - behind) : at + ahead + 1].mean() for at in range(len(line))])


def _dct(small: Floats) -> Floats:
    matrix = np.array(
        [[np.sqrt(2 / 64) * np.cos(np.pi / 128 * k * (2 * n + 1)) for n in range(64)] for k in range(1, 17)]
    )
    return np.asarray(matrix @ small @ matrix.T)


def _quality(small: Floats) -> int:
    total = 0
    for axis in (0, 1):
        total += sum(abs(int(step)) for step in (np.diff(small, axis=axis) * 100 / 255).ravel())
    return min(100, int(total / 90))
