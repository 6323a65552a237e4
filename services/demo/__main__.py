"""`python -m services.demo`: the tour, ending by itself; `--stay`: the system, left up."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from services.chassis.errors import PalisadeError
from services.chassis.service import termination
from services.demo.system import Addresses, LocalSystem, free_addresses, usual_addresses
from services.demo.tour import tour

_FIRST_COMMANDS = """
[bold]Try it[/bold]
  .venv/bin/palisade prompt check --server {prompt_filter} "an 8-year-old oak tree in Essex"
  .venv/bin/palisade media scan --server {media_scanner} README.md
  .venv/bin/palisade account standing --server {enforcement} somebody
  curl -s http://{metrics}/metrics | grep palisade_decisions
"""


def main() -> int:
    """Run the tour or stay up; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stay", action="store_true", help="leave the system up until Ctrl-C")
    parser.add_argument("--home", type=Path, help="where state lies (default: a temporary folder)")
    arguments = parser.parse_args()
    console = Console()
    try:
        with tempfile.TemporaryDirectory(prefix="palisade-") as scratch:
            home = arguments.home or Path(scratch)
            return asyncio.run(_run(console, home, stay=arguments.stay))
    except PalisadeError as error:
        console.print(f"[red]{error.message}[/red]")
        return 1


async def _run(console: Console, home: Path, *, stay: bool) -> int:
    system = LocalSystem(home, usual_addresses() if stay else free_addresses())
    with console.status("starting"):
        await system.start(lambda step: console.print(f"[dim]{step}[/dim]"))
    try:
        if stay:
            _print_addresses(console, system.addresses, system.bootstrap_servers)
            await termination()
            console.print("[dim]draining[/dim]")
        else:
            await tour(system, console)
    finally:
        await system.stop()
    return 0


def _print_addresses(console: Console, addresses: Addresses, bootstrap_servers: str) -> None:
    for name, address in addresses.grpc.items():
        console.print(f"{name:18} gRPC {address}   metrics http://{addresses.metrics[name]}/metrics")
    console.print(f"{'Kafka protocol':18} {bootstrap_servers}")
    console.print(_FIRST_COMMANDS.format(**addresses.grpc, metrics=addresses.metrics["prompt_filter"]))
    console.print("Ctrl-C drains and ends it.")


if __name__ == "__main__":
    sys.exit(main())
