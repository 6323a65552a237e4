"""Blind detection: no original, one key, one hypothesis, an exact p-value.

The pilots' signs are drawn from the key, independently of any picture. So for every
picture that was not marked with it, however strange, the number of coefficients that agree
is Bin(PILOTS, 1/2) over the draw of the key: the p-value needs no model of pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.media_scanner.watermark.embed import Pixels, band_of, luminance
from services.media_scanner.watermark.key import PILOTS, Carriers, WatermarkKey
from services.media_scanner.watermark.spectrum import Coefficients
from services.media_scanner.watermark.statistics import fair_tail

THRESHOLD = 1e-6


@dataclass(frozen=True, slots=True)
class Detection:
    """What one key shows.

    Attributes:
        p_value: chance of as many agreeing pilots were the picture not marked with this key.
        payload: the best reading, 8 bytes; None where the mark was not detected.
    """

    p_value: float
    agreeing: int
    payload: bytes | None

    @property
    def detected(self) -> bool:
        return self.payload is not None


class WatermarkReader:
    """One key, its carriers drawn once."""

    def __init__(self, key: WatermarkKey) -> None:
        self.key_id = key.id
        self._carriers: Carriers = key.carriers()
        self._weights = self._carriers.vote_weights()

    def detect(self, pixels: Pixels) -> Detection:
        """Look for the mark; TooSmallError where a picture has no room for one."""
        band = band_of(pixels)
        coefficients = band.analyse(luminance(pixels))
        agreeing = self._agreeing(coefficients)
        p_value = fair_tail(agreeing, PILOTS)
        payload = self._payload(coefficients) if p_value <= THRESHOLD else None
        return Detection(p_value, agreeing, payload)

    def _agreeing(self, coefficients: Coefficients) -> int:
        pilots = self._carriers.pilots
        agree = (coefficients[pilots] >= 0) == (self._carriers.signs[pilots] > 0)
        return int(np.count_nonzero(agree))

    def _payload(self, coefficients: Coefficients) -> bytes:
        """Each bit by the weighted sum of its coefficients."""
        votes = (coefficients[self._carriers.payload] * self._weights).sum(axis=1)
        return np.packbits(votes > 0).tobytes()
