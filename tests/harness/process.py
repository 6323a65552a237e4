"""A server process that is read while it runs and cannot outlive the tests."""

import os
import re
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_TAIL_LINES = 40

# The leash holds the reading end of a pipe whose only writer is the process that started it: when that
# one is gone, even by SIGKILL, the read ends and the server's process group is killed.
_LEASH = 'read -r _; kill -KILL "-$1"'


class ServerFailedError(RuntimeError):
    """A server ended or did not become ready; carries the end of its log."""

    def __init__(self, name: str, problem: str, log: str) -> None:
        """Name the server, what went wrong, and its last lines."""
        super().__init__(f"{name}: {problem}\n{log}")
        self.name = name
        self.problem = problem
        self.log = log


@dataclass(frozen=True)
class Account:
    """The system account a server runs under: user and group number."""

    uid: int
    gid: int


class ServerProcess:
    """One running server, leading its own process group, its output in a log file."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        """Take a process just started with a pipe as output; use `start`."""
        self.name = name
        self.log = log
        self._process = process
        self._changed = threading.Condition()
        self._lines: list[str] = []
        self._ended = False
        self._leash = subprocess.Popen(
            ["sh", "-c", _LEASH, "leash", str(process.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name=f"{name} log", daemon=True)
        self._reader.start()

    @classmethod
    def start(
        cls,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        account: Account | None = None,
    ) -> Self:
        """Start `command`, appending its output to `log`; `account` needs root."""
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/" if account else log.parent,
            env={**os.environ, **(environment or {})},
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            start_new_session=True,
        )
        return cls(name, process, log)

    @property
    def running(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def wait_for_line(self, pattern: str, seconds: float) -> str:
        """Return the first line of the output that matches, or raise `ServerFailedError`."""
        wanted = re.compile(pattern)

        def found() -> str | None:
            return next((line for line in self._lines if wanted.search(line)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() is not None or self._ended, timeout=seconds)
            line = found()
            ended = self._ended
        if line is None:
            problem = "ended" if ended else f"no line {pattern!r} within {seconds:g} s"
            raise ServerFailedError(self.name, problem, self.tail())
        return line

    def wait(self, seconds: float) -> None:
        """Wait for a process that ends by itself; raise `ServerFailedError` if late or not well."""
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise ServerFailedError(self.name, f"still running after {seconds:g} s", self.tail()) from error
        self._release()
        if status != 0:
            raise ServerFailedError(self.name, f"exit status {status}", self.tail())

    def stop(self, seconds: float = 10.0, by: signal.Signals = signal.SIGTERM) -> None:
        """Ask the process to end, then kill its group; it is gone when this returns."""
        if self.running:
            self._process.send_signal(by)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        self._release()

    def kill(self) -> None:
        """Kill the whole group at once, as a crash would."""
        if self.running:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._release()

    def tail(self) -> str:
        """Return the last lines of the output."""
        with self._changed:
            return "\n".join(self._lines[-_TAIL_LINES:])

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output, self.log.open("ab") as log:
            for line in output:
                log.write(line)
                log.flush()
                with self._changed:
                    self._lines.append(line.decode(errors="replace").rstrip())
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _release(self) -> None:
        self._leash.kill()
        self._leash.wait()
        if self._leash.stdin is not None:
            self._leash.stdin.close()
        self._reader.join(timeout=5.0)
