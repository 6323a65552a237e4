"""What is scanned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from services.chassis.errors import InvalidInputError, TooLargeError
from services.media_scanner.containers.sniff import sniff


@dataclass(frozen=True, slots=True)
class MediaItem:
    """One upload.

    Attributes:
        id: the caller's name for it.
        media_type: by its own first bytes; None where they are of no known kind.
    """

    id: str
    content: bytes
    media_type: str | None

    @classmethod
    def of(cls, item: str, content: bytes, *, max_bytes: int) -> Self:
        """InvalidInputError without an id or bytes, TooLargeError past `max_bytes`."""
        if not item:
            raise InvalidInputError("the item has no id", code="MISSING_ID")
        if not content:
            raise InvalidInputError("the item has no bytes", code="EMPTY")
        if len(content) > max_bytes:
            raise TooLargeError(f"the item is over {max_bytes} bytes")
        return cls(item, content, sniff(content))
