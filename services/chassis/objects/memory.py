"""Objects in a dict; gone with the process."""

from __future__ import annotations

from services.chassis.objects.checks import check_size, checked_content, checked_name
from services.chassis.objects.store import ObjectNotFoundError, ObjectRef, reference


class MemoryStore:
    """For tests and for trying things out."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    async def put(self, content: bytes, *, content_type: str = "application/octet-stream") -> ObjectRef:
        """See `ObjectStore.put`."""
        stored = reference(content, content_type)
        self._contents.setdefault(stored.sha256, bytes(content))
        return stored

    async def get(self, sha256: str, *, max_bytes: int) -> bytes:
        """See `ObjectStore.get`."""
        content = self._contents.get(checked_name(sha256))
        if content is None:
            raise ObjectNotFoundError(f"there is no object {sha256}")
        check_size(len(content), max_bytes)
        return checked_content(content, sha256)

    async def close(self) -> None:
        """Nothing to release."""
