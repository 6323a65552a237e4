"""What every object store checks the same way."""

from __future__ import annotations

import hashlib
import re

from services.chassis.errors import InvalidInputError, TooLargeError
from services.chassis.objects.store import ObjectCorruptError

_SHA256 = re.compile(r"[0-9a-f]{64}").fullmatch


def checked_name(sha256: str) -> str:
    """`sha256` itself; InvalidInputError for anything that could name something else than an object."""
    if not _SHA256(sha256):
        raise InvalidInputError("sha256 must be 64 lower-case hex digits", code="BAD_SHA256")
    return sha256


def check_size(size: int, max_bytes: int) -> None:
    """TooLargeError where an object has more bytes than the caller takes."""
    if size > max_bytes:
        raise TooLargeError(f"the object has {size} bytes, at most {max_bytes} are accepted")


def checked_content(content: bytes, sha256: str) -> bytes:
    """`content` itself; ObjectCorruptError where it is not what was stored."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ObjectCorruptError(f"object {sha256} is corrupt")
    return content
