"""Decoding as a port: in threads here, in worker processes where the deployment wants walls."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from services.imaging.decode import DecodedImage, decode
from services.imaging.hashes import ImageHash
from services.imaging.limits import DecodeLimits
from services.imaging.workers import BoundedWorkers


class Decoder(Protocol):
    """Decodes beside the event loop."""

    async def decode(self, content: bytes) -> DecodedImage:
        """As imaging.decode.decode; OverloadedError where too much waits already."""

    async def hash(self, content: bytes) -> ImageHash:
        """Hashes alone: the first frame is decoded and no views are made of the others."""


class ThreadDecoder:
    """Decodes on threads of this process; Pillow's decoders release the GIL."""

    def __init__(self, workers: BoundedWorkers, limits: DecodeLimits) -> None:
        self._workers = workers
        self._limits = limits
        self._first_frame = limits.model_copy(update={"max_frames": 1})

    async def decode(self, content: bytes) -> DecodedImage:
        return await self._workers.run(partial(decode, content, self._limits))

    async def hash(self, content: bytes) -> ImageHash:
        decoded = await self._workers.run(partial(decode, content, self._first_frame))
        return decoded.hash
