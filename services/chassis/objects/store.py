"""The object store as a port, and the reference that events carry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

from services.chassis.errors import NotFoundError, UnavailableError


class ObjectNotFoundError(NotFoundError):
    """Nothing is stored under this SHA-256."""

    code = "OBJECT_NOT_FOUND"


class ObjectCorruptError(UnavailableError):
    """The stored bytes do not have the SHA-256 they are stored under."""

    code = "OBJECT_CORRUPT"


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """SHA-256 in lower-case hex, size in bytes, media type."""

    sha256: str
    size: int
    content_type: str = "application/octet-stream"


class ObjectStore(Protocol):
    """Content-addressed bytes. Putting the same bytes twice is one object."""

    async def put(self, content: bytes, *, content_type: str = "application/octet-stream") -> ObjectRef:
        """Store durably and return the reference."""

    async def get(self, sha256: str, *, max_bytes: int) -> bytes:
        """The bytes, checked against their SHA-256.

        Raises ObjectNotFoundError, ObjectCorruptError, or TooLargeError past `max_bytes`.
        """

    async def close(self) -> None:
        """Release connections."""


def reference(content: bytes, content_type: str) -> ObjectRef:
    """The reference these bytes have in any store."""
    return ObjectRef(hashlib.sha256(content).hexdigest(), len(content), content_type)
