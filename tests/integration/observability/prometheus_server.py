"""A real Prometheus with the shipped configuration, scraping this test's services every second."""

import json
import math
import shutil
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from services.demo.ports import free_ports
from tests.harness.process import ServerProcess
from tests.integration.observability.shipped import DEPLOY

_START_SECONDS = 60.0
_READY = "Server is ready to receive web requests"


@dataclass(frozen=True)
class Sample:
    """One series of an instant query's answer."""

    labels: Mapping[str, str]
    value: float

    @property
    def finite(self) -> bool:
        """Whether there is something to draw."""
        return math.isfinite(self.value)


class PrometheusServer:
    """A running server and its HTTP interface; the calls block."""

    def __init__(self, process: ServerProcess, port: int) -> None:
        """Take a process that is ready."""
        self._process = process
        self._address = f"http://127.0.0.1:{port}"

    @classmethod
    def start(cls, program: Path, folder: Path, metrics: Mapping[str, str]) -> Self:
        """Serve from `folder`, scraping the address of each job; returns when it answers."""
        configuration = _configure(folder, metrics)
        (port,) = free_ports(1)
        process = ServerProcess.start(
            "prometheus",
            [
                str(program),
                f"--config.file={configuration}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            log=folder / "prometheus.log",
        )
        try:
            process.wait_for_line(_READY, _START_SECONDS)
        except BaseException:
            process.kill()
            raise
        return cls(process, port)

    def stop(self) -> None:
        """End the process."""
        self._process.stop()

    def query(self, expr: str) -> tuple[Sample, ...]:
        """Answer an instant query; a number alone is a sample without labels."""
        data = self._get("query", {"query": expr})
        if data["resultType"] == "scalar":
            return (Sample({}, float(data["result"][1])),)
        return tuple(Sample(series["metric"], float(series["value"][1])) for series in data["result"])

    def labels_of(self, metric: str) -> frozenset[str]:
        """Every label that series of this metric have; none where there is no such metric."""
        series: list[dict[str, str]] = self._get("series", {"match[]": metric})
        return frozenset(label for labels in series for label in labels)

    def _get(self, path: str, parameters: Mapping[str, str]) -> Any:
        address = f"{self._address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - a loopback address
            return json.load(answer)["data"]


def _configure(folder: Path, metrics: Mapping[str, str]) -> Path:
    """The shipped files, with this test's ports and a second's intervals."""
    shipped = folder / "prometheus"
    shutil.copytree(DEPLOY / "prometheus", shipped)
    targets = shipped / "targets" / "local.yml"
    groups = yaml.safe_load(targets.read_text())
    for group in groups:
        group["targets"] = [metrics[group["labels"]["job"]]]
    targets.write_text(yaml.safe_dump(groups))
    path = shipped / "prometheus.yml"
    configuration = yaml.safe_load(path.read_text())
    configuration["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    path.write_text(yaml.safe_dump(configuration))
    return path
