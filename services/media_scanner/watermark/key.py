"""Keys of the watermark, and what each draws from its key alone, never from a picture."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from services.chassis.errors import SettingsError
from services.media_scanner.watermark.spectrum import band_size, radii

PAYLOAD_BITS = 64
PILOTS = 4096
"""Coefficients that carry the key alone; the rest carry the payload."""
_MIN_KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Carriers:
    """How one key uses the band.

    Attributes:
        signs: +1 or -1 for each coefficient, float32 [N].
        pilots: indices of the pilots, [PILOTS].
        payload: indices of each bit's coefficients, [PAYLOAD_BITS, per bit].
    """

    signs: NDArray[np.float32]
    pilots: NDArray[np.intp]
    payload: NDArray[np.intp]

    def vote_weights(self) -> NDArray[np.float32]:
        """What each coefficient adds to its bit, float32 [PAYLOAD_BITS, per bit].

        Pictures grow quieter towards high frequencies, compression louder: the square root of
        the radius lies between the weights that either alone would ask for.
        """
        weights: NDArray[np.float32] = self.signs[self.payload] * np.sqrt(radii()[self.payload])
        return weights


@dataclass(frozen=True, slots=True)
class WatermarkKey:
    """A secret of at least 16 bytes. Its `id` may be shown, the secret never."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < _MIN_KEY_BYTES:
            raise SettingsError(f"a watermark key must have at least {_MIN_KEY_BYTES} bytes")

    @classmethod
    def load(cls, path: Path) -> Self:
        """The file's bytes without surrounding blanks; SettingsError where it cannot be used."""
        try:
            return cls(path.read_bytes().strip())
        except OSError as error:
            raise SettingsError(f"watermark key {path}: {error.strerror}") from error

    @property
    def id(self) -> str:
        """Sixteen hex digits that name the key and tell nothing of it."""
        return self._derive(b"id").hex()[:16]

    def payload_for(self, item: str) -> bytes:
        """Eight bytes that name an item to whoever has the key."""
        return self._derive(b"item:" + item.encode())[: PAYLOAD_BITS // 8]

    def carriers(self) -> Carriers:
        """Signs and places, by SHAKE-256 keyed through HMAC: uniform to whoever lacks the key."""
        size = band_size()
        bits = np.unpackbits(np.frombuffer(self._stream(b"signs", (size + 7) // 8), dtype=np.uint8))[:size]
        ranks = np.frombuffer(self._stream(b"places", size * 8), dtype="<u8")
        order = np.argsort(ranks, kind="stable")
        per_bit = (size - PILOTS) // PAYLOAD_BITS
        payload = order[PILOTS : PILOTS + per_bit * PAYLOAD_BITS].reshape(PAYLOAD_BITS, per_bit)
        return Carriers(bits.astype(np.float32) * 2 - 1, order[:PILOTS], payload)

    def _derive(self, purpose: bytes) -> bytes:
        return hmac.digest(self.secret, b"palisade-watermark-1:" + purpose, "sha256")

    def _stream(self, purpose: bytes, size: int) -> bytes:
        return hashlib.shake_256(self._derive(purpose)).digest(size)
