"""Scanner and watermark without a server: for the command line and for programs that embed it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from services.chassis.errors import InvalidInputError, TooLargeError
from services.media_scanner.adapters.pixels import read_pixels, write_png
from services.media_scanner.item import MediaItem
from services.media_scanner.scan import MediaScan
from services.media_scanner.settings import ScannerSettings
from services.media_scanner.watermark.detect import Detection, WatermarkReader
from services.media_scanner.watermark.embed import embed
from services.media_scanner.watermark.key import WatermarkKey
from services.media_scanner.wiring import open_scanner, open_threads


class UnreadableFileError(InvalidInputError):
    """There is no such file, or it may not be read."""

    code = "UNREADABLE_FILE"


class LocalMediaScanner:
    """Scans in this process, by the settings a service would use."""

    def __init__(self, settings: ScannerSettings | None = None) -> None:
        self._settings = settings or ScannerSettings()
        self._threads = open_threads(self._settings)
        self._scanner = open_scanner(self._settings, self._threads)

    async def scan(self, source: Path | str | bytes, *, item: str) -> MediaScan:
        """Scan a file or bytes under the caller's id.

        Raises UnreadableFileError, TooLargeError, or InvalidInputError for an empty file or id.
        """
        limit = self._settings.max_bytes
        content = source if isinstance(source, bytes) else await asyncio.to_thread(_read, Path(source), limit)
        return await self._scanner.scan(MediaItem.of(item, content, max_bytes=limit))

    async def close(self) -> None:
        """Release the threads."""
        await self._threads.stop()


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked picture as PNG, and the payload in it."""

    png: bytes
    payload: bytes


class LocalWatermark:
    """Embeds and detects the mark of one key, in this process."""

    def __init__(self, key: WatermarkKey, *, max_bytes: int = ScannerSettings().max_bytes) -> None:
        self._key = key
        self._reader = WatermarkReader(key)
        self._max_bytes = max_bytes

    def embed(self, source: Path | str | bytes, *, item: str, payload: bytes | None = None) -> Marked:
        """Mark a file; the payload (8 bytes) is by default one that names the item under the key.

        Raises UnreadableFileError, ImageError's subclasses or TooSmallError.
        """
        payload = self._key.payload_for(item) if payload is None else payload
        pixels = read_pixels(self._content(source))
        return Marked(write_png(embed(pixels, self._key, payload)), payload)

    def detect(self, source: Path | str | bytes) -> Detection:
        """Look for the mark; raises as `embed` does."""
        return self._reader.detect(read_pixels(self._content(source)))

    def _content(self, source: Path | str | bytes) -> bytes:
        return source if isinstance(source, bytes) else _read(Path(source), self._max_bytes)


def _read(path: Path, limit: int) -> bytes:
    try:
        if path.stat().st_size > limit:
            raise TooLargeError(f"the file is over {limit} bytes")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"the file cannot be read: {error.strerror}") from error
