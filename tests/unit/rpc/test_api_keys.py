"""API keys are proved against hashes, once each, and follow their file."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from services.chassis.clock import ManualClock
from services.chassis.errors import SettingsError, UnauthenticatedError
from services.chassis.rpc import api_keys
from services.chassis.rpc.api_keys import ApiKeys, KeyEntry, hash_key, new_key


@pytest.fixture(autouse=True)
def scrypts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Cheap parameters, and a record of every key that was hashed."""
    monkeypatch.setitem(api_keys._SCRYPT, "n", 2)
    hashed: list[str] = []
    real = api_keys._scrypt

    def recorded(key: str, salt: bytes) -> bytes:
        hashed.append(key)
        return real(key, salt)

    monkeypatch.setattr(api_keys, "_scrypt", recorded)
    return hashed


def _write(path: Path, *entries: KeyEntry) -> Path:
    path.write_text(json.dumps({"keys": [entry.model_dump() for entry in entries]}))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return _write(tmp_path / "keys.json", hash_key("acme.one", roles=("moderator",)), hash_key("other.one"))


async def test_a_key_gives_its_tenant_and_roles(file: Path) -> None:
    caller = await ApiKeys(file, ManualClock()).caller("acme.one")
    assert (caller.tenant, caller.roles) == ("acme", frozenset({"moderator"}))


@pytest.mark.parametrize(
    "key", ["", "acme", "acme.", "acme.two", "nobody.one", "other.on", "x" * 600, "acme.é"]
)
async def test_other_keys_are_refused_alike(file: Path, key: str) -> None:
    with pytest.raises(UnauthenticatedError, match="the API key is not known"):
        await ApiKeys(file, ManualClock()).caller(key)


async def test_one_tenants_secret_does_not_open_another(file: Path) -> None:
    entry = hash_key("acme.secret")
    _write(file, entry, KeyEntry(tenant="other", salt=entry.salt, hash=entry.hash))
    with pytest.raises(UnauthenticatedError):
        await ApiKeys(file, ManualClock()).caller("other.secret")


async def test_a_key_is_hashed_once_known_or_not(file: Path, scrypts: list[str]) -> None:
    keys = ApiKeys(file, ManualClock())
    scrypts.clear()
    await asyncio.gather(*(keys.caller("acme.one") for _ in range(5)))
    for _ in range(3):
        with pytest.raises(UnauthenticatedError):
            await keys.caller("acme.wrong")
    assert scrypts == ["acme.one", "acme.wrong"]


async def test_a_key_of_no_tenant_costs_no_hash(file: Path, scrypts: list[str]) -> None:
    keys = ApiKeys(file, ManualClock())
    scrypts.clear()
    with pytest.raises(UnauthenticatedError):
        await keys.caller("nobody.one")
    assert scrypts == []


async def test_what_is_remembered_is_bounded(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "_MAX_REMEMBERED", 3)
    keys = ApiKeys(file, ManualClock())
    for number in range(10):
        with pytest.raises(UnauthenticatedError):
            await keys.caller(f"acme.{number}")
    assert len(keys._remembered) == 3


async def test_a_changed_file_takes_effect_and_a_removed_key_ends(file: Path) -> None:
    clock = ManualClock()
    keys = ApiKeys(file, clock)
    await keys.caller("acme.one")
    _write(file, hash_key("acme.two"))
    await clock.advance(5)
    assert (await keys.caller("acme.two")).tenant == "acme"
    with pytest.raises(UnauthenticatedError):
        await keys.caller("acme.one")


def _break(file: Path, content: str | None) -> None:
    if content is None:
        file.unlink()
    else:
        file.write_text(content)


@pytest.mark.parametrize("broken", ["{", '{"keys": [{"tenant": "acme"}]}', '{"keys": [], "more": 1}', None])
async def test_a_file_that_breaks_or_vanishes_while_running_keeps_the_last_good_keys(
    file: Path, broken: str | None
) -> None:
    clock = ManualClock()
    keys = ApiKeys(file, clock)
    _break(file, broken)
    await clock.advance(5)
    assert (await keys.caller("acme.one")).tenant == "acme"


async def test_two_keys_of_a_tenant_live_side_by_side_but_not_three(file: Path) -> None:
    _write(file, hash_key("acme.old"), hash_key("acme.new"))
    keys = ApiKeys(file, ManualClock())
    assert await keys.caller("acme.old") == await keys.caller("acme.new")
    _write(file, *(hash_key(f"acme.{number}") for number in range(3)))
    with pytest.raises(SettingsError, match="more than 2 keys for acme"):
        ApiKeys(file, ManualClock())


@pytest.mark.parametrize("broken", ["", "[]", '{"keys": [{"tenant": "a b", "salt": "00", "hash": "zz"}]}'])
def test_a_faulty_file_is_refused_at_the_start_without_its_values(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(broken)
    with pytest.raises(SettingsError, match="PALISADE_AUTH__KEYS_FILE") as refused:
        ApiKeys(path, ManualClock())
    assert "zz" not in refused.value.message


def test_a_missing_file_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PALISADE_AUTH__KEYS_FILE"):
        ApiKeys(tmp_path / "none.json", ManualClock())


def test_new_keys_name_their_tenant_and_never_repeat() -> None:
    keys = {new_key("acme") for _ in range(10)}
    assert len(keys) == 10
    assert all(key.startswith("acme.") and len(key) > 40 for key in keys)


def test_two_entries_of_one_key_share_no_hash() -> None:
    assert hash_key("acme.one").hash != hash_key("acme.one").hash
