"""Deterministic ids: the same fact has the same id, wherever and whenever it is stated."""

from __future__ import annotations

import hashlib
import uuid
from functools import lru_cache

_NAMESPACE = uuid.UUID("6f1d3a52-64a4-5be1-9d63-1f5d0c1a7a11")

# RFC 9562, 5.5: version 5 is digit 12, variant 10 the high bits of digit 16.
_VARIANT = {f"{digit:x}": f"{digit & 0b11 | 0b1000:x}" for digit in range(16)}


def event_id(*, tenant: str, source: str, item: str, policy_version: str) -> str:
    """UUIDv5 (RFC 9562) of the parts, each preceded by its length so that none runs into the next."""
    digest = _prefix(tenant, source).copy()
    digest.update(f"{len(item)}:{item}{len(policy_version)}:{policy_version}".encode())
    text = digest.hexdigest()
    variant = _VARIANT[text[16]]
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"


@lru_cache(maxsize=1024)
def _prefix(tenant: str, source: str) -> hashlib._Hash:
    """The hash so far, shared by all events of a tenant and source; on a hot path."""
    name = f"{len(tenant)}:{tenant}{len(source)}:{source}"
    return hashlib.sha1(_NAMESPACE.bytes + name.encode(), usedforsecurity=False)
