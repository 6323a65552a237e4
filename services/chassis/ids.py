"""Deterministic ids: the same fact has the same id, wherever and whenever it is stated."""

from __future__ import annotations

import uuid

_NAMESPACE = uuid.UUID("6f1d3a52-64a4-5be1-9d63-1f5d0c1a7a11")


def event_id(*, tenant: str, source: str, item: str, policy_version: str) -> str:
    """UUIDv5 (RFC 9562) of the parts, each preceded by its length so that none runs into the next."""
    parts = (tenant, source, item, policy_version)
    return str(uuid.uuid5(_NAMESPACE, "".join(f"{len(part)}:{part}" for part in parts)))
