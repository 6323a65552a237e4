"""Chunked uploads, the sender's side: a header with size and SHA-256, then bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import TypeVar

from google.protobuf.message import Message

M = TypeVar("M", bound=Message)

# What a service accepts unless it is set up otherwise; larger files are not sent at all.
MAX_BYTES = 32 * 1024 * 1024
# Uploads under way together.
AT_ONCE = 4

_CHUNK_BYTES = 256 * 1024


def parts(content: bytes, *, header: Callable[[int, bytes], M], chunk: Callable[[bytes], M]) -> Iterator[M]:
    """The messages of one upload; `header` is given the size in bytes and the SHA-256."""
    yield header(len(content), hashlib.sha256(content).digest())
    for start in range(0, len(content), _CHUNK_BYTES):
        yield chunk(content[start : start + _CHUNK_BYTES])
