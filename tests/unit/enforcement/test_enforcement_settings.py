"""What the service refuses to start with."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.chassis.errors import SettingsError
from services.enforcement.access import WhenUnavailable
from services.enforcement.adapters.sql.engine import PoolLimits, open_engine
from services.enforcement.settings import EnforcementSettings


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALISADE_PROFILE", "embedded")
    monkeypatch.setenv("PALISADE_AUTH__MODE", "off")


def test_the_embedded_profile_needs_no_settings() -> None:
    loaded = EnforcementSettings.load()
    assert loaded.database.address.startswith("sqlite")
    assert loaded.access.when_unavailable == WhenUnavailable(generate=False, upload=True)


def test_the_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALISADE_DATABASE__URL", "postgresql://palisade:a-secret@db/palisade")
    loaded = EnforcementSettings.load()
    assert "a-secret" not in repr(loaded)
    assert "a-secret" in loaded.database.address


def test_declared_answers_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALISADE_ACCESS__GENERATE_WHEN_UNAVAILABLE", "allow")
    monkeypatch.setenv("PALISADE_ACCESS__UPLOAD_WHEN_UNAVAILABLE", "deny")
    assert EnforcementSettings.load().access.when_unavailable == WhenUnavailable(generate=True, upload=False)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PALISADE_ACCESS__GENERATE_WHEN_UNAVAILABLE", "maybe"),
        ("PALISADE_ACCESS__STALE_SECONDS", "0.1"),
        ("PALISADE_DATABASE__POOL_SIZE", "0"),
        ("PALISADE_DATABASE__MIGRATE", "never"),
        ("PALISADE_OUTBOX__BATCH", "0"),
        ("PALISADE_ENFORCEMENT__LADDERS", "x"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable.split("__", maxsplit=1)[0]):
        EnforcementSettings.load()


def test_production_keeps_its_events_in_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALISADE_PROFILE", "production")
    monkeypatch.setenv("PALISADE_AUTH__MODE", "api_key")
    monkeypatch.setenv("PALISADE_AUTH__KEYS_FILE", "keys.json")
    monkeypatch.setenv("PALISADE_GRPC__TLS__CERTIFICATE", "certificate.pem")
    monkeypatch.setenv("PALISADE_GRPC__TLS__KEY", "key.pem")
    with pytest.raises(SettingsError, match="PostgreSQL"):
        EnforcementSettings.load()
    monkeypatch.setenv("PALISADE_DATABASE__URL", "postgresql://db/palisade")
    EnforcementSettings.load()


@pytest.mark.parametrize("url", ["mysql://db/x", "nonsense", "", "sqlite://", "sqlite:///:memory:"])
def test_only_the_two_databases_are_known(url: str) -> None:
    with pytest.raises(SettingsError, match=r"database\.url"):
        open_engine(url, PoolLimits())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot make the folder"):
        open_engine(f"sqlite:///{tmp_path}/file/x/ledger.db", PoolLimits())
