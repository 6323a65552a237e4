"""The command as a script calls it: a process, its standard streams and its exit status."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Lines = list[dict[str, Any]]

CATEGORIES = ["sexual", "sexual_minors", "nonconsensual", "violence", "graphic_violence"]


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> Lines:
        """Its output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def json_lines(objects: Sequence[Mapping[str, Any]]) -> str:
    """Input of a command."""
    return "".join(json.dumps(each) + "\n" for each in objects)


async def start(*arguments: str, **variables: str) -> asyncio.subprocess.Process:
    """Start `palisade` with these arguments, in this environment with `variables` added."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "services.cli", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **variables},
    )


async def palisade(*arguments: str, stdin: str = "", **variables: str) -> Ended:
    """Run it to its end."""
    process = await start(*arguments, **variables)
    out, err = await process.communicate(stdin.encode())
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())
