"""API keys: who holds one, proved against scrypt hashes in a file.

A key reads `<tenant>.<secret>`, so that only the hashes of that tenant are tried. The file is
JSON: `{"keys": [{"tenant", "salt", "hash", "roles"}]}`, salt and hash in hex; a tenant may have
two live keys, so that one can replace the other without a gap.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.chassis.clock import Clock
from services.chassis.errors import SettingsError, UnauthenticatedError

_log = structlog.get_logger(__name__)

MAX_KEYS_PER_TENANT = 2
_MAX_KEY_LENGTH = 512
_MAX_REMEMBERED = 4096
_RECHECK_SECONDS = 1.0
# 16 MiB and some 40 ms a check: dear to guess, and paid once for each key and process.
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


class KeyEntry(BaseModel):
    """One key as the file keeps it; the key itself is nowhere kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    salt: str = Field(pattern=r"^([0-9a-f]{2}){8,}$")
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    roles: tuple[str, ...] = ()


class _KeyFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    keys: tuple[KeyEntry, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a key belongs to."""

    tenant: str
    roles: frozenset[str]


def new_key(tenant: str) -> str:
    """A fresh key of 256 random bits for `tenant`; show it once, keep only its entry."""
    return f"{tenant}.{secrets.token_urlsafe(32)}"


def hash_key(key: str, *, roles: tuple[str, ...] = ()) -> KeyEntry:
    """The entry for the keys file that proves `key`."""
    salt = secrets.token_bytes(16)
    tenant = key.partition(".")[0]
    return KeyEntry(tenant=tenant, salt=salt.hex(), hash=_scrypt(key, salt).hex(), roles=roles)


class ApiKeys:
    """The keys of a file, re-read when it changes.

    Which key is whose is remembered by the key's SHA-256, so that scrypt runs once for each key.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        """Read the file; SettingsError where it cannot be used."""
        self._path = path
        self._clock = clock
        self._stamp = _stamp(path)
        self._entries = _read(path)
        self._checked_at = clock.monotonic()
        self._remembered: OrderedDict[bytes, Caller | None] = OrderedDict()
        # Unknown keys must not be able to take the CPU from the calls of known ones.
        self._one_at_a_time = asyncio.Lock()

    async def caller(self, key: str) -> Caller:
        """The holder of `key`; UnauthenticatedError where no hash confirms it."""
        self._refresh()
        if len(key) > _MAX_KEY_LENGTH or key.partition(".")[0] not in self._entries:
            raise _refused()
        digest = hashlib.sha256(key.encode()).digest()
        if digest not in self._remembered:
            await self._verify(digest, key)
        caller = self._remembered.get(digest)
        if caller is None:
            raise _refused()
        return caller

    async def _verify(self, digest: bytes, key: str) -> None:
        async with self._one_at_a_time:
            if digest in self._remembered:
                return
            entries = self._entries
            caller = await asyncio.to_thread(_holder, key, entries[key.partition(".")[0]])
            if entries is self._entries:
                self._remember(digest, caller)

    def _remember(self, digest: bytes, caller: Caller | None) -> None:
        self._remembered[digest] = caller
        if len(self._remembered) > _MAX_REMEMBERED:
            self._remembered.popitem(last=False)

    def _refresh(self) -> None:
        """Take over a changed file; a faulty one is reported and the last good one kept."""
        now = self._clock.monotonic()
        if now - self._checked_at < _RECHECK_SECONDS:
            return
        self._checked_at = now
        try:
            stamp = _stamp(self._path)
            if stamp == self._stamp:
                return
            entries = _read(self._path)
        except SettingsError as error:
            _log.error("api_keys_not_reloaded", reason=error.message)
            return
        self._stamp, self._entries = stamp, entries
        self._remembered.clear()
        _log.info("api_keys_reloaded", tenants=len(entries))


def _refused() -> UnauthenticatedError:
    return UnauthenticatedError("the API key is not known")


def _holder(key: str, entries: tuple[KeyEntry, ...]) -> Caller | None:
    for entry in entries:
        if hmac.compare_digest(_scrypt(key, bytes.fromhex(entry.salt)), bytes.fromhex(entry.hash)):
            return Caller(entry.tenant, frozenset(entry.roles))
    return None


def _scrypt(key: str, salt: bytes) -> bytes:
    return hashlib.scrypt(key.encode(), salt=salt, **_SCRYPT)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise SettingsError(f"PALISADE_AUTH__KEYS_FILE: {path}: {error.strerror}") from error
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read(path: Path) -> Mapping[str, tuple[KeyEntry, ...]]:
    try:
        keys = _KeyFile.model_validate_json(path.read_bytes()).keys
    except OSError as error:
        raise SettingsError(f"PALISADE_AUTH__KEYS_FILE: {path}: {error.strerror}") from error
    except ValidationError as error:
        # The fault's place, not its value: a hash in a log helps only an attacker.
        places = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise SettingsError(f"PALISADE_AUTH__KEYS_FILE: {path} is faulty at: {places}") from None
    entries: dict[str, tuple[KeyEntry, ...]] = {}
    for key in keys:
        entries[key.tenant] = (*entries.get(key.tenant, ()), key)
    crowded = [tenant for tenant, held in entries.items() if len(held) > MAX_KEYS_PER_TENANT]
    if crowded:
        raise SettingsError(
            f"PALISADE_AUTH__KEYS_FILE: more than {MAX_KEYS_PER_TENANT} keys for {', '.join(crowded)}"
        )
    return entries
