"""Runs the load tests and prints their figures: `python -m loadtests [NAME …] [--report FILE]`.

Exit status 0 when everything was measured, whether or not the aims were met: figures of a busy
machine are no verdict. 1 with `--strict` when an aim was missed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from loadtests import report
from loadtests.catalogue import BENCHMARKS

# Where the output is no terminal, nothing else says how wide it is.
_FILE_WIDTH = 150


def main() -> int:
    """Run what was named, or everything."""
    given = _arguments()
    console = Console()
    if not console.is_terminal:
        console.width = _FILE_WIDTH
    missed = False
    for name in given.names or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        with console.status(f"measuring {name}"):
            figures = benchmark.run(given.scale)
        console.print(report.table(benchmark, figures))
        missed = missed or any(figure.missed for figure in figures)
        if given.report:
            report.write(given.report, benchmark, figures, scale=given.scale)
    return 1 if missed and given.strict else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m loadtests", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}; all without"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="smaller measures less and less exactly")
    parser.add_argument("--report", type=Path, help="write the figures into this Markdown page")
    parser.add_argument("--strict", action="store_true", help="exit status 1 where an aim is missed")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    return given


if __name__ == "__main__":
    sys.exit(main())
