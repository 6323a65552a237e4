"""`palisade dlq`: what could not be processed, and its way back. Payloads are never shown."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from services.chassis.errors import SettingsError
from services.cli.render import print_object

if TYPE_CHECKING:
    from services.chassis.settings import KafkaSettings

app = typer.Typer(help="List and replay dead letters.", no_args_is_help=True)

_START_SECONDS = 15.0

Topic = Annotated[str, typer.Argument(help="The topic, or its dead letters' topic.", show_default=False)]
Servers = Annotated[
    str,
    typer.Option(
        "--bootstrap-servers",
        metavar="HOST:PORT,…",
        help="The broker; else PALISADE_KAFKA__BOOTSTRAP_SERVERS.",
        show_default=False,
    ),
]
Reason = Annotated[str, typer.Option(help="Only those of this reason.", show_default=False)]
Stage = Annotated[str, typer.Option(help="Only those of this stage.", show_default=False)]
Limit = Annotated[int, typer.Option(help="At most so many, the oldest first; 0: all.", min=0)]
AsJson = Annotated[bool, typer.Option("--json", "--jsonl", help="One JSON object on one line.")]


@app.command(name="list")
def list_(
    *,
    topic: Topic,
    reason: Reason = "",
    limit: Limit = 0,
    as_json: AsJson = False,
    bootstrap_servers: Servers = "",
) -> None:
    """Count the open dead letters of a topic by reason and stage."""
    from services.chassis.streams.replay import list_dead_letters

    letters = asyncio.run(list_dead_letters(_kafka(bootstrap_servers), topic))
    matching = [letter for letter in letters if reason in {"", letter.reason}]
    shown = matching[:limit] if limit else matching
    _show(
        {
            "topic": topic,
            "open": len(letters),
            "listed": len(shown),
            "replayable": sum(letter.replayable for letter in shown),
            "reasons": dict(Counter(letter.reason for letter in shown)),
            "stages": dict(Counter(letter.stage for letter in shown)),
            "oldest_age_seconds": max((letter.age_seconds for letter in shown), default=None),
        },
        as_json=as_json,
    )


@app.command()
def replay(
    *,
    topic: Topic,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    rate: Annotated[float, typer.Option(help="Events a second.", min=0.001)] = 10.0,
    reason: Reason = "",
    stage: Stage = "",
    limit: Limit = 0,
    as_json: AsJson = False,
    bootstrap_servers: Servers = "",
) -> None:
    """Put dead letters back on the topic they came from; each once, however often this is run."""
    from services.chassis.streams.replay import replay as put_back

    kafka = _kafka(bootstrap_servers)
    report = asyncio.run(
        put_back(kafka, topic, dry_run=dry_run, rate=rate, reason=reason, stage=stage, limit=limit)
    )
    _show(
        {
            "topic": report.topic,
            "dry_run": report.dry_run,
            "open": report.open,
            "chosen": report.chosen,
            "replayed": report.replayed,
            "not_replayable": report.not_replayable,
        },
        as_json=as_json,
    )


def _kafka(bootstrap_servers: str) -> KafkaSettings:
    """The broker of the command line or the environment. Somebody waits here: not as long as a service."""
    from services.chassis.settings import KafkaSettings
    from services.cli.settings import load_section

    given: dict[str, object] = {"bootstrap_servers": bootstrap_servers} if bootstrap_servers else {}
    kafka = load_section("kafka", KafkaSettings, **given)
    if not kafka.bootstrap_servers:
        raise SettingsError("give --bootstrap-servers or PALISADE_KAFKA__BOOTSTRAP_SERVERS")
    # Its failures are told once, by the error that ends the command.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    wait = min(kafka.start_timeout_seconds, _START_SECONDS)
    return kafka.model_copy(update={"start_timeout_seconds": wait})


def _show(values: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(values, separators=(",", ":")))
    else:
        print_object("Dead letters", values)
