"""`palisade media`: what does an upload say or show about its origin?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import typer

from services.cli import options, render
from services.cli.aio import side_by_side
from services.cli.files import FileItem, file_item, given_files, read_file
from services.cli.job import Answer, AnswerBatch, Job
from services.cli.output import check_given, run_job

if TYPE_CHECKING:
    from services.media_scanner.scan import MediaScan

app = typer.Typer(help="Scan uploads for their origin.", no_args_is_help=True)

_BATCH = 16


def _made_by_ai(answer: Mapping[str, Any]) -> str:
    found = answer["ai_generated"]
    by = f" by {', '.join(found['by'])}" if found["by"] else ""
    p_value = "" if found["p_value"] is None else f" (p {found['p_value']:.2g})"
    return f"{found['verdict']}{by}{p_value}"


_COLUMNS = {"decision": render.decision, "ai generated": _made_by_ai, "absent": render.absent}


@app.command()
def scan(
    *,
    paths: options.Paths = None,
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
    server: options.Server = "",
    api_key_file: options.ApiKeyFile = None,
    ca_file: options.CaFile = None,
    tls: options.Tls = False,
    timeout: options.Timeout = 30.0,
) -> None:
    """Scan files: credentials, metadata and marks, joined into one verdict and one decision.

    Lines in: {"id", "path"}.
    """
    check_given(paths or [], jsonl=jsonl, what="paths")
    opened: AbstractContextManager[AnswerBatch[FileItem]]
    remote = options.server_options(server, api_key_file, ca_file, tls, timeout)
    if remote is not None:
        from services.cli.media_remote import remote_scanner

        opened = remote_scanner(remote)
    else:
        opened = _local_scanner()
    with opened as answer:
        job = Job(file_item, answer, _BATCH)
        run_job(job, given_files(paths), columns=_COLUMNS, jsonl=jsonl, as_json=as_json)


def scan_answer(item: FileItem, scan: MediaScan) -> Answer:
    """The scan as scripts read it, but for its id."""
    from services.media_scanner.view import scan_to_json

    line = scan_to_json(scan, path=item.path)
    return {name: value for name, value in line.items() if name != "id"}


@contextmanager
def _local_scanner() -> Iterator[AnswerBatch[FileItem]]:
    from services.cli.settings import load_section
    from services.media_scanner.local import LocalMediaScanner
    from services.media_scanner.settings import ScannerSettings

    settings = load_section("scanner", ScannerSettings)

    async def opened() -> LocalMediaScanner:
        return LocalMediaScanner(settings)

    with asyncio.Runner() as runner:
        scanner = runner.run(opened())

        async def ask(item: FileItem) -> Answer:
            content = read_file(item.path, max_bytes=settings.max_bytes)
            return scan_answer(item, await scanner.scan(content, item=item.id))

        try:
            # No more than the detectors' threads: what queues for one loses its time.
            yield side_by_side(runner, ask, at_once=settings.threads)
        finally:
            runner.run(scanner.close())
