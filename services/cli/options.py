"""Options that several commands share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

LOCAL_TENANT = "local"

_SERVER = "Over gRPC"

Jsonl = Annotated[
    bool, typer.Option("--jsonl", help="Read JSON Lines on stdin, unless items are given; write JSON Lines.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object an item instead of a table.")]
Tenant = Annotated[
    str, typer.Option(help="Whose terms and accounts, in this process.", show_default=LOCAL_TENANT)
]
Paths = Annotated[list[Path] | None, typer.Argument(metavar="PATH", show_default=False)]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", help="Policy file, in this process.", show_default=False)
]

Server = Annotated[
    str,
    typer.Option(
        "--server",
        metavar="HOST:PORT",
        help="Ask this server instead.",
        rich_help_panel=_SERVER,
        show_default=False,
    ),
]
ApiKeyFile = Annotated[
    Path | None,
    typer.Option(
        help="File with the API key; else the variable PALISADE_API_KEY.",
        rich_help_panel=_SERVER,
        show_default=False,
    ),
]
CaFile = Annotated[
    Path | None,
    typer.Option(
        help="PEM file with the server's CA; implies TLS.", rich_help_panel=_SERVER, show_default=False
    ),
]
Tls = Annotated[bool, typer.Option("--tls", help="TLS by the system's CAs.", rich_help_panel=_SERVER)]
Timeout = Annotated[float, typer.Option(help="Seconds a call may take.", min=0.01, rich_help_panel=_SERVER)]


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What the command line says about the server."""

    address: str
    api_key_file: Path | None = None
    ca_file: Path | None = None
    tls: bool = False
    timeout_seconds: float = 30.0


def server_options(
    server: str, api_key_file: Path | None, ca_file: Path | None, tls: bool, timeout: float
) -> ServerOptions | None:
    """None where no server is named. What belongs to one is bad usage then."""
    if server:
        return ServerOptions(server, api_key_file, ca_file, tls, timeout)
    if api_key_file or ca_file or tls:
        raise typer.BadParameter("--api-key-file, --ca-file and --tls go with --server")
    return None


def check_local(server: ServerOptions | None, **given: object) -> None:
    """Refuse, as bad usage, what a server decides by itself."""
    beside = [f"--{name.replace('_', '-')}" for name, value in given.items() if value]
    if server is not None and beside:
        raise typer.BadParameter(f"{', '.join(beside)} cannot go with --server")
