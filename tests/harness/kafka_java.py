"""How Kafka's two programs are run on a JVM that starts fast and stays small."""

import hashlib
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.harness.kafka_jars import class_path

_FLAGS = (
    "-Xms128m",
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xss512k",
    "-XX:MaxMetaspaceSize=160m",
    "-XX:ReservedCodeCacheSize=48m",
    "-XX:MaxDirectMemorySize=128m",
)


@dataclass(frozen=True)
class KafkaJava:
    """A JVM with Kafka's jars, and the archive of loaded classes that halves its start."""

    java: Path
    jars: Path
    recording: Path | None = None
    """Where a broker that ends in order writes a new archive; None to use the one there is."""

    @cached_property
    def archive(self) -> Path:
        """The class-data archive for these jars on this JVM; it may not exist yet."""
        version = subprocess.run([self.java, "-version"], capture_output=True, check=True).stderr
        key = hashlib.sha256(version).hexdigest()[:8]
        return self.jars.with_name(f"{self.jars.name}-{key}.jsa")

    def storage_tool(self, *arguments: str) -> list[str]:
        """Return the command that formats a log folder."""
        return [*self._base(), *self._shared(), "kafka.tools.StorageTool", *arguments]

    def server(self, properties: Path, *, log_settings: Path) -> list[str]:
        """Return the command of one broker."""
        class_data = self._shared()
        if self.recording is not None:
            class_data = [f"-XX:ArchiveClassesAtExit={self.recording}", "-Xlog:cds=off"]
        logging = f"-Dlog4j2.configurationFile={log_settings}"
        return [*self._base(), *class_data, logging, "kafka.Kafka", str(properties)]

    def _base(self) -> list[str]:
        return [str(self.java), *_FLAGS, "-cp", class_path(self.jars)]

    def _shared(self) -> list[str]:
        # `auto`: a JVM that cannot use the archive starts without it.
        return [f"-XX:SharedArchiveFile={self.archive}", "-Xshare:auto"] if self.archive.exists() else []
