"""Settings are refused with a message that names the variable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.chassis.errors import SettingsError
from services.chassis.settings import ChassisSettings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PALISADE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PALISADE_PROFILE", "embedded")


def test_the_environment_sets_nested_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALISADE_GRPC__ADDRESS", "0.0.0.0:1")
    assert ChassisSettings.load().grpc.address == "0.0.0.0:1"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "palisade.toml"
    file.write_text('[grpc]\naddress = "file:1"\nreflection = true\n')
    monkeypatch.setenv("PALISADE_CONFIG", str(file))
    monkeypatch.setenv("PALISADE_GRPC__ADDRESS", "environment:1")
    settings = ChassisSettings.load()
    assert (settings.grpc.address, settings.grpc.reflection) == ("environment:1", True)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PALISADE_GRCP__ADDRESS": "x:1"}, "PALISADE_GRCP__ADDRESS"),
        ({"PALISADE_GRPC__ADRESS": "x:1"}, "PALISADE_GRPC__ADRESS"),
        ({"PALISADE_GRPC__MAX_CONCURRENT_CALLS": "0"}, "PALISADE_GRPC__MAX_CONCURRENT_CALLS"),
        ({"PALISADE_GRPC__MAX_CONCURRENT_CALLS": "many"}, "PALISADE_GRPC__MAX_CONCURRENT_CALLS"),
        ({"PALISADE_GRPC__TLS__CERTIFICATE": "c.pem"}, "PALISADE_GRPC__TLS__KEY"),
        ({"PALISADE_LOG__LEVEL": "loud"}, "PALISADE_LOG__LEVEL"),
        ({"PALISADE_KAFKA__HEARTBEAT_SECONDS": "5"}, "heartbeat_seconds"),
        ({"PALISADE_KAFKA__SECURITY_PROTOCOL": "SASL_SSL"}, "sasl_username"),
        ({"PALISADE_CONFIG": "/nowhere.toml"}, "PALISADE_CONFIG"),
        ({"PALISADE_PROFILE": "production", "PALISADE_AUTH__MODE": "off"}, "auth.mode=off"),
        ({"PALISADE_PROFILE": "production"}, "auth.keys_file"),
        ({"PALISADE_PROFILE": "production", "PALISADE_AUTH__KEYS_FILE": "k"}, "grpc.tls.certificate"),
    ],
)
def test_unknown_and_contradictory_values_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        ChassisSettings.load()
    assert named in refused.value.message


def test_an_unknown_name_in_the_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "palisade.toml"
    file.write_text("[grpc]\nadress = 'x:1'\n")
    monkeypatch.setenv("PALISADE_CONFIG", str(file))
    with pytest.raises(SettingsError, match="PALISADE_GRPC__ADRESS"):
        ChassisSettings.load()


def test_a_file_that_is_no_toml_is_refused_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "palisade.toml"
    file.write_text("not toml at all")
    monkeypatch.setenv("PALISADE_CONFIG", str(file))
    with pytest.raises(SettingsError, match="PALISADE_CONFIG"):
        ChassisSettings.load()
