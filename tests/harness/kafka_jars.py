"""Apache Kafka's jars, fetched once by Maven and kept in the cache folder."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.harness.availability import Machine, ServerMissingError
from tests.harness.cache import cache_folder
from tests.harness.lock import exclusive

_ROOT = Path(__file__).parents[2]
_POM = _ROOT / "deploy/kafka/pom.xml"
_CACHE = cache_folder("kafka")
_MAVEN_SECONDS = 600


class JarsUnavailableError(RuntimeError):
    """Maven could not bring the jars; carries what it said."""


def kafka_jars(machine: Machine, *, pom: Path = _POM, cache: Path = _CACHE) -> Path:
    """Return the folder of jars for `pom`, calling Maven only when this pom was not resolved before.

    Safe when several test runs share a working copy.
    """
    digest = hashlib.sha256(pom.read_bytes()).hexdigest()[:16]
    folder = cache / digest
    with exclusive(cache / f"{digest}.lock"):
        if not folder.exists():
            _resolve(machine, pom, folder)
    return folder


def class_path(jars: Path) -> str:
    """Return the class path in a fixed order, which a class-data archive insists on."""
    return ":".join(str(jar) for jar in sorted(jars.glob("*.jar")))


def _resolve(machine: Machine, pom: Path, folder: Path) -> None:
    if machine.maven is None:
        raise ServerMissingError("Maven not found")
    fresh = Path(tempfile.mkdtemp(prefix="resolving-", dir=folder.parent))
    command = [
        *(str(machine.maven), "-q", "-B", "-Dstyle.color=never", "-f", str(pom)),
        *("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={fresh}"),
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_MAVEN_SECONDS)
    if answer.returncode != 0:
        shutil.rmtree(fresh)
        raise JarsUnavailableError(f"mvn ended with {answer.returncode}\n{answer.stdout}{answer.stderr}")
    fresh.chmod(0o755)
    fresh.rename(folder)
