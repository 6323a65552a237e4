"""The process as a supervisor sees it: what it says, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

PROGRAM = """
import asyncio, os, sys
from services.chassis.assembly import Assembly
from services.chassis.errors import PolicyError
from services.chassis.main import run_service
from services.chassis.settings import ChassisSettings

class Part:
    name = "part"
    async def start(self):
        if sys.argv[1] == "failing": raise OSError("no disk")
        if sys.argv[1] == "slow":
            print("starting", flush=True)
            await asyncio.Event().wait()
        if sys.argv[1] == "serving":
            asyncio.get_running_loop().call_soon(print, "started")
            asyncio.get_running_loop().call_soon(sys.stdout.flush)
    async def drain(self): print("drained", flush=True)
    async def stop(self): print("stopped", flush=True)
    async def failure(self): return RuntimeError("stage gave up")

def build(settings):
    if sys.argv[1] == "policy": raise PolicyError("policy p.json: no rule for sexual")
    assembly = Assembly.of("probe", settings)
    service = assembly.service(rpc=[], components=[Part()])
    if sys.argv[1] == "giving-up": service._failures = (Part().failure,)
    return service

run_service("probe", ChassisSettings, build)
"""

SETTINGS = {
    "PALISADE_PROFILE": "embedded",
    "PALISADE_AUTH__MODE": "off",
    "PALISADE_GRPC__ADDRESS": "127.0.0.1:0",
    "PALISADE_METRICS__ADDRESS": "",
    "PALISADE_LIFECYCLE__PROPAGATION_SECONDS": "0",
}


def _start(manner: str, **settings: str) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PALISADE_")}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, manner],
        cwd=ROOT,
        env=inherited | SETTINGS | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    try:
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains_and_ends_well(number: signal.Signals) -> None:
    process = _start("serving")
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    process.send_signal(number)
    code, out, _ = _end(process)
    assert (code, out) == (0, "drained\nstopped\n")


def test_a_signal_during_the_start_ends_well() -> None:
    process = _start("slow")
    assert process.stdout is not None
    assert process.stdout.readline() == "starting\n"
    process.send_signal(signal.SIGTERM)
    assert _end(process)[0] == 0


def test_a_failing_start_ends_with_1_and_its_cause() -> None:
    code, _, err = _end(_start("failing"))
    assert (code, "no disk" in err) == (1, True)


def test_a_part_that_gives_up_ends_with_1_after_a_drain() -> None:
    code, out, err = _end(_start("giving-up"))
    assert (code, out) == (1, "drained\nstopped\n")
    assert "stage gave up" in err


@pytest.mark.parametrize(
    ("manner", "settings", "said"),
    [
        ("serving", {"PALISADE_GRCP__ADDRESS": "x"}, "probe: unknown settings: PALISADE_GRCP__ADDRESS\n"),
        ("policy", {}, "probe: policy p.json: no rule for sexual\n"),
    ],
)
def test_what_cannot_be_started_with_is_one_line_and_2(
    manner: str, settings: dict[str, str], said: str
) -> None:
    code, _, err = _end(_start(manner, **settings))
    assert (code, err) == (2, said)


def test_a_missing_keys_file_is_one_line_and_2() -> None:
    missing = {"PALISADE_AUTH__MODE": "api_key", "PALISADE_AUTH__KEYS_FILE": "nowhere.json"}
    code, _, err = _end(_start("serving", **missing))
    assert code == 2
    assert err.splitlines()[-1].startswith("probe: PALISADE_AUTH__KEYS_FILE: nowhere.json")
