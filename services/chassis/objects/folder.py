"""Objects as files of one folder, on this machine or on a shared file system."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from services.chassis.errors import UnavailableError
from services.chassis.objects.checks import check_size, checked_content, checked_name
from services.chassis.objects.store import ObjectNotFoundError, ObjectRef, reference


class FolderStore:
    """One file an object, `<root>/<first two hex digits>/<sha256>`.

    A file appears under its name only whole and synced: it is written beside it and renamed.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, content: bytes, *, content_type: str = "application/octet-stream") -> ObjectRef:
        """See `ObjectStore.put`; UnavailableError where the folder cannot be written."""
        return await asyncio.to_thread(self._put, content, content_type)

    async def get(self, sha256: str, *, max_bytes: int) -> bytes:
        """See `ObjectStore.get`."""
        return await asyncio.to_thread(self._get, checked_name(sha256), max_bytes)

    async def close(self) -> None:
        """Nothing to release."""

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def _put(self, content: bytes, content_type: str) -> ObjectRef:
        stored = reference(content, content_type)
        path = self._path(stored.sha256)
        try:
            if not _has_size(path, len(content)):
                path.parent.mkdir(parents=True, exist_ok=True)
                _write_whole(path, content)
        except OSError as error:
            raise UnavailableError(f"the object folder cannot be written: {error.strerror}") from error
        return stored

    def _get(self, sha256: str, max_bytes: int) -> bytes:
        try:
            with self._path(sha256).open("rb") as file:
                check_size(os.fstat(file.fileno()).st_size, max_bytes)
                content = file.read()
        except FileNotFoundError:
            raise ObjectNotFoundError(f"there is no object {sha256}") from None
        except OSError as error:
            raise UnavailableError(f"object {sha256} cannot be read: {error.strerror}") from error
        return checked_content(content, sha256)


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _write_whole(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as file:
        part = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A rename survives a power cut only once its folder is synced."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
