"""Chunked uploads: the header first, then bytes; size and SHA-256 checked, memory bounded."""

from __future__ import annotations

import hashlib
import io
import weakref
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from services.chassis.errors import InvalidInputError, OverloadedError, TooLargeError


class UploadHeader(Protocol):
    """What every upload's header has: total bytes that follow, and their SHA-256 (32 bytes)."""

    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> bytes: ...


class UploadPart(Protocol):
    """A request message with `oneof part { header, chunk }`."""

    @property
    def header(self) -> Any: ...
    @property
    def chunk(self) -> bytes: ...
    def WhichOneof(self, oneof_group: Any, /) -> Any: ...  # noqa: N802 - protobuf's own name


H = TypeVar("H", bound=UploadHeader)
P = TypeVar("P", bound=UploadPart)


@dataclass(frozen=True)
class UploadLimits:
    """Largest upload accepted, in bytes."""

    max_bytes: int


class ByteBudget:
    """Bytes that all uploads of this process may hold together, from header to handled.

    Args:
        received: called with the size of every upload that arrived whole.
    """

    def __init__(self, capacity: int, *, received: Callable[[int], object] = lambda _: None) -> None:
        self.capacity = capacity
        self.received = received
        self._held = 0

    @property
    def held(self) -> int:
        """Bytes held now."""
        return self._held

    def reserve(self, size: int) -> None:
        """Hold `size` bytes; OverloadedError where they would pass the capacity."""
        if self._held + size > self.capacity:
            raise OverloadedError("too many bytes are being uploaded")
        self._held += size

    def release(self, size: int) -> None:
        """Give `size` bytes back."""
        self._held -= size


@dataclass(frozen=True, eq=False)
class Upload(Generic[H]):
    """A complete and checked upload. Its bytes count against the budget for as long as it lives."""

    header: H
    content: bytes


async def receive_upload(parts: AsyncIterator[P], *, limits: UploadLimits, buffer: ByteBudget) -> Upload[Any]:
    """Receive one upload whole.

    Raises:
        InvalidInputError: MISSING_HEADER, SECOND_HEADER, EMPTY_PART, SIZE_MISMATCH, SHA256_MISMATCH.
        TooLargeError: the header announces more than the limit.
        OverloadedError: the buffer has no room for it now.
    """
    header = await _header(parts)
    if header.size > limits.max_bytes:
        raise TooLargeError(f"an upload may have {limits.max_bytes} bytes, not {header.size}")
    # Reserved at once: half-received uploads that wait for each other's memory would never end.
    buffer.reserve(header.size)
    try:
        content = await _content(parts, header)
    except BaseException:
        buffer.release(header.size)
        raise
    upload = Upload(header, content)
    weakref.finalize(upload, buffer.release, header.size).atexit = False
    buffer.received(header.size)
    return upload


async def _header(parts: AsyncIterator[P]) -> UploadHeader:
    first = await anext(parts, None)
    if first is None or first.WhichOneof("part") != "header":
        raise InvalidInputError("the first message must be the header", code="MISSING_HEADER")
    header: UploadHeader = first.header
    return header


async def _content(parts: AsyncIterator[P], header: UploadHeader) -> bytes:
    size, received = header.size, 0
    # Unlike a list of chunks that is joined, it holds the bytes once and gives them without a copy.
    content = io.BytesIO()
    digest = hashlib.sha256()
    async for part in parts:
        chunk = part.chunk
        if not chunk:
            _check_part(part)
        received += len(chunk)
        if received > size:
            raise InvalidInputError(f"more than the announced {size} bytes came", code="SIZE_MISMATCH")
        digest.update(chunk)
        content.write(chunk)
    if received != size:
        raise InvalidInputError(f"{received} of {size} announced bytes came", code="SIZE_MISMATCH")
    if digest.digest() != header.sha256:
        raise InvalidInputError("the bytes do not have the announced SHA-256", code="SHA256_MISMATCH")
    return content.getvalue()


def _check_part(part: UploadPart) -> None:
    kind = part.WhichOneof("part")
    if kind == "header":
        raise InvalidInputError("only the first message may be a header", code="SECOND_HEADER")
    if kind is None:
        raise InvalidInputError("a message has neither header nor chunk", code="EMPTY_PART")
