"""What deploy/Containerfile says, read far enough to lay out an image's file system without an engine."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CONTAINERFILE = ROOT / "deploy" / "Containerfile"

_ASSIGNMENT = re.compile(r"(\w+)=(\S+)")


@dataclass(frozen=True)
class Instruction:
    """One instruction and the stage it stands in."""

    stage: str
    name: str
    rest: str


def instructions(service: str) -> list[Instruction]:
    """Every instruction, as it reads for one service."""
    return list(_instructions(service))


def _instructions(service: str) -> Iterator[Instruction]:
    text = re.sub(r"(?m)^\s*#.*\n", "", CONTAINERFILE.read_text()).replace("\\\n", " ")
    stage = ""
    for line in filter(str.strip, text.splitlines()):
        name, rest = line.replace("${SERVICE}", service).split(maxsplit=1)
        if name == "FROM":
            _, _, alias = rest.partition(" AS ")
            stage = alias
        yield Instruction(stage, name, " ".join(rest.split()))


def environment(service: str) -> dict[str, str]:
    """The variables that the image sets."""
    settings = [found.rest for found in instructions(service) if found.name == "ENV"]
    return dict(_ASSIGNMENT.findall(" ".join(settings)))


def lay_out(service: str, target: Path) -> None:
    """Copy into `target` what the image of a service gets from this repository."""
    for found in instructions(service):
        if found.name != "COPY" or found.stage not in ("", f"code-{service}") or "--from" in found.rest:
            continue
        *sources, place = found.rest.split()
        for source in sources:
            _copy(ROOT / source, target / place.lstrip("/"), into=place.endswith("/"))


def _copy(source: Path, place: Path, *, into: bool) -> None:
    if source.is_dir():
        shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__", "training"))
        return
    goal = place / source.name if into else place
    goal.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, goal)
