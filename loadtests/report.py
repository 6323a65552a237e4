"""The figures as a table on the terminal and as a page of the documentation."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from loadtests.figures import Aim, Benchmark, Comparison, Figure

_COLUMNS = ("What", "Figure", "Unit", "p50 ms", "p90 ms", "p99 ms", "Of its control", "Aim")
_PACKAGES = ("grpcio", "uvloop", "protobuf", "aiokafka", "faust-streaming")
_HEAD = """\
# Benchmarks

Rates are per CPU second of the server's process, its threads and its kernel time included, the client's
excluded: what one core gives. Each is the median of several rounds in which it and its controls took turns,
so a share suffers less from a busy machine than a rate does. Latency is measured by the callers of a
closed loop, which share the machine with the server. Written by `python -m loadtests --report`.
"""


def table(benchmark: Benchmark, figures: Sequence[Figure]) -> Table:
    """For the terminal; missed aims stand out."""
    shown = Table(*_COLUMNS, title=benchmark.name, title_justify="left")
    for figure in figures:
        shown.add_row(*map(escape, _cells(figure)), style="yellow" if figure.missed else None)
    return shown


def write(path: Path, benchmark: Benchmark, figures: Sequence[Figure], *, scale: float) -> None:
    """Put the benchmark's section into the page, in the place of its last one; the others stay."""
    sections = _sections(path)
    sections[benchmark.name] = _section(benchmark, figures, scale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([_HEAD, *(sections[name] for name in sections)]), encoding="utf-8")


def _sections(path: Path) -> dict[str, str]:
    """Sections of the page by their headings, if it is there."""
    if not path.exists():
        return {}
    _, *parts = re.split(r"^(?=## )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.splitlines()[0].removeprefix("## "): part.rstrip("\n") + "\n" for part in parts}


def _section(benchmark: Benchmark, figures: Sequence[Figure], scale: float) -> str:
    size = "" if scale == 1 else f" --scale {scale:g}"
    rows = [_COLUMNS, ("---", "---:", "---", "---:", "---:", "---:", "---", "---"), *map(_cells, figures)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(
        [
            f"## {benchmark.name}\n",
            f"{benchmark.about}\n",
            f"    python -m loadtests {benchmark.name}{size}\n",
            f"{date.today().isoformat()}, {machine()}\n",  # noqa: DTZ011 - the reader's day
            *lines,
            "",
        ]
    )


def _cells(figure: Figure) -> tuple[str, ...]:
    latency = figure.latency
    percentiles = [latency.p50, latency.p90, latency.p99] if latency else []
    times = [f"{value:.1f}" for value in percentiles] or ["", "", ""]
    shares = "; ".join(f"{one.share:.0%} of {one.control}" for one in figure.comparisons)
    digits = 0 if figure.value >= 100 else 1
    aims = [_aim(figure.aim, figure.value, percent=False), *map(_share_aim, figure.comparisons)]
    return (
        figure.what,
        f"{figure.value:,.{digits}f}",
        figure.unit,
        *times,
        shares,
        "; ".join(filter(None, aims)),
    )


def _share_aim(comparison: Comparison) -> str:
    return _aim(comparison.aim, comparison.share, percent=True)


def _aim(aim: Aim | None, value: float, *, percent: bool) -> str:
    if aim is None:
        return ""
    bound = f"{aim.bound:.0%}" if percent else f"{aim.bound:,.0f}"
    return f"{'≥' if aim.at_least else '≤'} {bound}: {'met' if aim.met(value) else 'missed'}"


def machine() -> str:
    """Processor, load, memory, Python and the packages that matter; nothing that names the host."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    cores = f"{_cores()} cores at load {os.getloadavg()[1]:.1f}"
    return f"{_processor()}, {cores}, {_memory()} GiB, {platform.system()}, {python}, {packages}"


def _processor() -> str:
    names = re.findall(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), flags=re.MULTILINE)
    return names[0] if names else platform.machine()


def _cores() -> int:

    return len(os.sched_getaffinity(0))


def _memory() -> int:
    kibibytes = re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(), flags=re.MULTILINE)
    return round(int(kibibytes[1]) / 1024**2) if kibibytes else 0
