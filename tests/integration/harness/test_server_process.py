"""The promise that no server outlives the tests, whatever ends them."""

import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from services.demo.ports import free_ports
from tests.harness.process import ServerFailedError, ServerProcess


def test_line_is_awaited_and_logged(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    server = ServerProcess.start("server", ["sh", "-c", "echo starting; echo ready; exec cat"], log=log)

    assert server.wait_for_line("^ready$", 10) == "ready"
    server.stop()
    assert not server.running
    assert log.read_text() == "starting\nready\n"


def test_server_that_ends_early_tells_its_last_words(tmp_path: Path) -> None:
    server = ServerProcess.start("server", ["sh", "-c", "echo no room; exit 3"], log=tmp_path / "log")

    with pytest.raises(ServerFailedError, match="server: ended\nno room"):
        server.wait_for_line("ready", 10)
    with pytest.raises(ServerFailedError, match="exit status 3"):
        server.wait(10)


def test_server_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    program = "import signal; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); signal.pause()"
    server = ServerProcess.start("deaf", [sys.executable, "-c", program], log=tmp_path / "log")
    server.wait_for_line("ready", 10)

    server.stop(0.1)

    assert not server.running


def test_server_dies_with_the_run_that_was_killed(tmp_path: Path) -> None:
    # The server holds the writing end of a pipe: its end is the server's end.
    reading, writing = os.pipe()
    program = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from tests.harness.process import ServerProcess
        command = ["sh", "-c", "exec 9>/proc/{os.getpid()}/fd/{writing}; echo ready; exec sleep 600"]
        ServerProcess.start("orphan", command, log=Path({str(tmp_path / "log")!r})).wait_for_line("ready", 10)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    run = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    os.close(writing)

    assert run.returncode == -signal.SIGKILL
    assert (tmp_path / "log").read_text() == "ready\n"
    ended, _, _ = select.select([reading], [], [], 30)
    assert ended, "the server outlived its run"
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_ports_are_distinct_and_outside_the_clients_range() -> None:
    ports = free_ports(50)
    lowest_client_port = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])

    assert len(set(ports)) == 50
    assert max(ports) < lowest_client_port
