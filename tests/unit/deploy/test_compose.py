"""deploy/compose.yaml against the services' own settings. It is not run here: there is no engine."""

import re
from importlib import import_module
from typing import Any

import pytest
import yaml

from services.chassis.settings import ChassisSettings
from services.chassis.streams import topics
from services.demo.system import SERVICES
from tests.unit.deploy.containerfile import ROOT, environment

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]


def settings_of(service: str) -> type[ChassisSettings]:
    module = import_module(f"services.{service}.settings")
    name = "".join(word.title() for word in service.split("_")) + "Settings"
    found: type[ChassisSettings] = getattr(module, name)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_service_accepts_its_environment(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PALISADE_CONFIG", raising=False)
    for name, value in {**environment(service), **COMPOSE[service]["environment"]}.items():
        monkeypatch.setenv(name, value)

    loaded = settings_of(service).load()

    assert loaded.kafka.bootstrap_servers == "kafka:9092"
    assert COMPOSE[service]["build"]["args"] == {"SERVICE": service}


def test_every_topic_is_created() -> None:
    assert set(COMPOSE["topics"]["environment"]["TOPICS"].split()) == set(topics.ALL)


def test_kafka_is_the_version_that_the_tests_run_on() -> None:
    pom = (ROOT / "deploy" / "kafka" / "pom.xml").read_text()
    (version,) = re.findall(r"<kafka\.version>(.+?)</kafka\.version>", pom)

    assert COMPOSE["kafka"]["image"].endswith(f":{version}")


def test_every_port_is_open_on_loopback_only() -> None:
    ports = [port for service in COMPOSE.values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_database_is_created() -> None:
    created = set(
        re.findall(r"CREATE DATABASE (\w+);", (ROOT / "deploy/postgresql/databases.sql").read_text())
    )
    urls = re.findall(r"@postgresql/(\w+)", (ROOT / "deploy" / "compose.yaml").read_text())

    assert created == set(urls)
