"""A section is read from the service's own variables, and others do not disturb it."""

import pytest

from services.chassis.errors import SettingsError
from services.chassis.settings import KafkaSettings
from services.cli.settings import load_section


def test_environment_and_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALISADE_KAFKA__BOOTSTRAP_SERVERS", "from.environment:1")
    monkeypatch.setenv("PALISADE_KAFKA__GROUP_PREFIX", "other")
    monkeypatch.setenv("PALISADE_API_KEY", "not ours")
    read = load_section("kafka", KafkaSettings)
    assert (read.bootstrap_servers, read.group_prefix) == ("from.environment:1", "other")
    given = load_section("kafka", KafkaSettings, bootstrap_servers="given:2")
    assert (given.bootstrap_servers, given.group_prefix) == ("given:2", "other")


def test_a_fault_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALISADE_KAFKA__SESSION_TIMEOUT_SECONDS", "-1")
    with pytest.raises(SettingsError, match=r"PALISADE_KAFKA.*session_timeout_seconds"):
        load_section("kafka", KafkaSettings)
    monkeypatch.delenv("PALISADE_KAFKA__SESSION_TIMEOUT_SECONDS")
    monkeypatch.setenv("PALISADE_KAFKA__NO_SUCH_NAME", "1")
    with pytest.raises(SettingsError, match="no_such_name"):
        load_section("kafka", KafkaSettings)
