"""A real PostgreSQL server in a temporary folder, as fast as a test wants and no safer."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from services.demo.ports import free_ports
from tests.harness.availability import Machine, ServerMissingError
from tests.harness.process import Account, ServerProcess

_USER = "palisade"
_INITDB_SECONDS = 60.0
_START_SECONDS = 30.0
_READY = r"database system is ready to accept connections"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")

# The data is thrown away: what guards it against a crash of the machine only costs time.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "log_min_messages": "warning",
}


class PostgresServer:
    """One server on a free port. Under root it runs as the account `postgres`, which it insists on."""

    def __init__(self, binaries: Path) -> None:
        """Take the folder of PostgreSQL's programs; nothing runs before `start`."""
        self._binaries = binaries
        self._port = free_ports(1)[0]
        self._account = _account()
        # Not below pytest's own folder, which no other account may enter.
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._server: ServerProcess | None = None
        if self._account is not None:
            os.chown(self._folder, self._account.uid, self._account.gid)

    @classmethod
    def on(cls, machine: Machine) -> Self:
        """Return a server for this machine, or raise `ServerMissingError`."""
        if machine.postgres is None:
            raise ServerMissingError("initdb not found")
        return cls(machine.postgres)

    def start(self) -> None:
        """Initialise the data folder and start; returns when connections are accepted."""
        try:
            self._initialise()
            settings = {**_SETTINGS, "port": str(self._port), "unix_socket_directories": str(self._folder)}
            options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
            self._server = self._run("postgres", "-D", str(self._data), *options)
            self._server.wait_for_line(_READY, _START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of a database, for the asyncpg driver."""
        return f"postgresql+asyncpg://{_USER}@127.0.0.1:{self._port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its `url`; ValueError unless a plain lower-case name."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a plain database name: {name!r}")
        self._client("createdb", name)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, ending connections that are still open."""
        self._client("dropdb", "--force", name)

    def stop(self, keep_logs: Path | None = None) -> None:
        """Stop the server and remove its data, copying the logs to `keep_logs` first if given."""
        server, self._server = self._server, None
        if server is not None:
            # SIGQUIT: at once, without a last checkpoint.
            server.stop(by=signal.SIGQUIT)
        if keep_logs is not None:
            keep_logs.mkdir(parents=True, exist_ok=True)
            for log in self._folder.glob("*.log"):
                shutil.copy(log, keep_logs)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _initialise(self) -> None:
        options = ["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=trust", f"--username={_USER}"]
        self._run("initdb", "-D", str(self._data), *options).wait(_INITDB_SECONDS)

    def _run(self, program: str, *arguments: str) -> ServerProcess:
        return ServerProcess.start(
            program,
            [str(self._binaries / program), *arguments],
            log=self._folder / f"{program}.log",
            account=self._account,
        )

    def _client(self, program: str, *arguments: str) -> None:
        address = ["--host=127.0.0.1", f"--port={self._port}", f"--username={_USER}"]
        subprocess.run([self._binaries / program, *address, *arguments], check=True)


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("postgres")
    return Account(entry.pw_uid, entry.pw_gid)
