"""The shipped configuration and rules, judged by Prometheus' own tool."""

import subprocess
from pathlib import Path

import yaml

from tests.integration.observability.shipped import DEPLOY, alerts

PROMETHEUS = DEPLOY / "prometheus"


def promtool(programs: tuple[Path, Path], *arguments: str | Path) -> None:
    _, program = programs
    ran = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_configuration_is_accepted(prometheus_programs: tuple[Path, Path]) -> None:
    promtool(prometheus_programs, "check", "config", PROMETHEUS / "prometheus.yml")


def test_configuration_for_kubernetes_is_accepted_but_for_its_discovery(
    prometheus_programs: tuple[Path, Path], tmp_path: Path
) -> None:
    """Debian builds Prometheus without kubernetes_sd, so that part is not looked at here."""
    configuration = yaml.safe_load((PROMETHEUS / "kubernetes.yml").read_text())
    (scrape,) = configuration["scrape_configs"]
    assert scrape.pop("kubernetes_sd_configs")
    path = tmp_path / "kubernetes.yml"
    path.write_text(yaml.safe_dump(configuration))

    promtool(prometheus_programs, "check", "config", path)


def test_rules_do_what_their_tests_say(prometheus_programs: tuple[Path, Path]) -> None:
    promtool(prometheus_programs, "test", "rules", *sorted((PROMETHEUS / "tests").glob("*.yml")))


def test_every_alert_is_seen_to_fire_and_to_be_silent() -> None:
    fired: set[str] = set()
    silent: set[str] = set()
    for path in sorted((PROMETHEUS / "tests").glob("*.yml")):
        for scenario in yaml.safe_load(path.read_text())["tests"]:
            for expected in scenario.get("alert_rule_test", []):
                (fired if expected.get("exp_alerts") else silent).add(expected["alertname"])
    names = {alert.where for alert in alerts()}

    assert names - fired == set()
    assert names - silent == set()
