"""Lines from a stream as they come: many at once where there are many, one at once where somebody waits."""

from __future__ import annotations

import select
from collections.abc import Iterator
from io import BufferedIOBase

from services.chassis.errors import InvalidInputError, PalisadeError

RawLine = bytes | PalisadeError
"""A line without its end, or why it could not be taken."""

_CHUNK_BYTES = 64 * 1024


class LineSplitter:
    """Cuts chunks into lines. A line past the limit is dropped as it comes and stands as its error."""

    def __init__(self, max_line_bytes: int) -> None:
        self._max_line_bytes = max_line_bytes
        self._partial = bytearray()
        self._too_long = False

    def feed(self, chunk: bytes) -> list[RawLine]:
        """The lines that this chunk completes."""
        *complete, rest = chunk.split(b"\n")
        lines = [self._complete(part) for part in complete]
        self._hold(rest)
        return lines

    def end(self) -> list[RawLine]:
        """The last line, where the stream ended without a line end."""
        return [self._complete(b"")] if self._partial or self._too_long else []

    def _hold(self, part: bytes) -> None:
        if self._too_long or len(self._partial) + len(part) > self._max_line_bytes:
            self._too_long = True
            self._partial.clear()
        else:
            self._partial += part

    def _complete(self, part: bytes) -> RawLine:
        self._hold(part)
        line: RawLine = bytes(self._partial)
        if self._too_long:
            line = InvalidInputError(f"a line may have {self._max_line_bytes} bytes", code="LINE_TOO_LONG")
        self._partial.clear()
        self._too_long = False
        return line


def read_batches(stream: BufferedIOBase, *, size: int, max_line_bytes: int) -> Iterator[list[RawLine]]:
    """Lines in order, at most `size` together.

    A batch is full, or it holds all that has been written so far: whoever writes one line and
    waits gets it answered.
    """
    splitter = LineSplitter(max_line_bytes)
    waiting: list[RawLine] = []
    while chunk := stream.read1(_CHUNK_BYTES):
        waiting += splitter.feed(chunk)
        while len(waiting) >= size:
            yield waiting[:size]
            del waiting[:size]
        if waiting and not _has_more(stream):
            yield waiting
            waiting = []
    waiting += splitter.end()
    for start in range(0, len(waiting), size):
        yield waiting[start : start + size]


def _has_more(stream: BufferedIOBase) -> bool:
    """Whether a read would return at once. `read1` leaves nothing in the buffer, so the descriptor knows."""
    try:
        descriptor = stream.fileno()
    except OSError:
        return True
    return bool(select.select([descriptor], [], [], 0)[0])
