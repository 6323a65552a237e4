"""`palisade watermark`: marks pictures with a key, and finds the mark again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.chassis.errors import PalisadeError, SettingsError
from services.cli import options, render
from services.cli.files import FileItem, file_item, given_files, read_file
from services.cli.job import Answer, Job, each
from services.cli.output import check_given, run_job

if TYPE_CHECKING:
    from services.media_scanner.local import LocalWatermark

app = typer.Typer(help="Embed and detect an invisible mark.", no_args_is_help=True)

_BATCH = 16
_MAX_BYTES = 32 * 1024 * 1024
_EMBED_COLUMNS = {name: render.field(name) for name in ("output", "payload")}
_DETECT_COLUMNS = {name: render.field(name) for name in ("detected", "p_value", "payload")}

KeyFile = Annotated[Path, typer.Option("--key", metavar="FILE", help="File with the secret key.")]


@app.command()
def embed(
    *,
    key: KeyFile,
    output_dir: Annotated[Path, typer.Option(help="Folder for the marked pictures, as PNG.")],
    paths: options.Paths = None,
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
) -> None:
    """Mark pictures; the payload names the item to whoever has the key.

    Lines in: {"id", "path"}.
    """
    check_given(paths or [], jsonl=jsonl, what="paths")
    watermark = _open(key)
    _make_folder(output_dir)

    def ask(item: FileItem) -> Answer:
        content = read_file(item.path, max_bytes=_MAX_BYTES)
        marked = watermark.embed(content, item=item.id)
        output = output_dir / _output_name(item)
        _write(output, marked.png)
        return {"output": str(output), "payload": marked.payload.hex()}

    job = Job(file_item, each(ask), _BATCH)
    run_job(job, given_files(paths), columns=_EMBED_COLUMNS, jsonl=jsonl, as_json=as_json)


@app.command()
def detect(
    *,
    key: KeyFile,
    paths: options.Paths = None,
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
) -> None:
    """Look for the key's mark; the p-value is exact, by the randomness of the key.

    Lines in: {"id", "path"}.
    """
    check_given(paths or [], jsonl=jsonl, what="paths")
    watermark = _open(key)

    def ask(item: FileItem) -> Answer:
        found = watermark.detect(read_file(item.path, max_bytes=_MAX_BYTES))
        return {
            "path": item.path,
            "detected": found.detected,
            "p_value": found.p_value,
            "payload": None if found.payload is None else found.payload.hex(),
        }

    job = Job(file_item, each(ask), _BATCH)
    run_job(job, given_files(paths), columns=_DETECT_COLUMNS, jsonl=jsonl, as_json=as_json)


def _open(key: Path) -> LocalWatermark:
    from services.media_scanner.local import LocalWatermark
    from services.media_scanner.watermark.key import WatermarkKey

    return LocalWatermark(WatermarkKey.load(key))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"--output-dir: {error.strerror}") from error


def _output_name(item: FileItem) -> str:
    """After the file, and told apart by the id: two files of one name must not overwrite each other.

    Nothing of the id but its digest: an id may hold anything, a path separator too.
    """
    digest = hashlib.sha256(item.id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{Path(item.path).stem}-{digest}.png"


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise PalisadeError(
            f"the output cannot be written: {error.strerror}", code="OUTPUT_FAILED"
        ) from error
