"""`palisade image`: does a picture show harm, and what identifies it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import options, render
from services.cli.files import FileItem, file_item, given_files, read_file
from services.cli.job import Answer, AnswerBatch, Job, attempt
from services.cli.output import check_given, run_job
from services.cli.shapes import Json, absent, categories, picture_reasons

if TYPE_CHECKING:
    from services.image_classifier.classify import ImageVerdict
    from services.image_classifier.local import LocalImageClassifier
    from services.image_classifier.settings import ImageSettings
    from services.imaging.hashes import ImageHash

app = typer.Typer(help="Classify and hash pictures.", no_args_is_help=True)

_BATCH = 16
_CLASSIFY_COLUMNS = {
    "decision": render.decision,
    "categories": render.categories,
    "reasons": render.reasons,
    "absent": render.absent,
}
_HASH_COLUMNS = {name: render.field(name) for name in ("pdq", "quality", "sha256", "width", "height")}

Contracts = Annotated[
    list[Path] | None,
    typer.Option(
        "--contract", help="A model's contract file, in this process; repeatable.", show_default=False
    ),
]


@app.command()
def classify(
    *,
    paths: options.Paths = None,
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
    contract: Contracts = None,
    policy: options.PolicyFile = None,
    server: options.Server = "",
    api_key_file: options.ApiKeyFile = None,
    ca_file: options.CaFile = None,
    tls: options.Tls = False,
    timeout: options.Timeout = 30.0,
) -> None:
    """Judge pictures: decision, categories, reasons. A category no model judged is null, and in "absent".

    Lines in: {"id", "path"}.
    """
    check_given(paths or [], jsonl=jsonl, what="paths")
    given: dict[str, object] = {}
    given |= {"contracts": tuple(contract)} if contract else {}
    given |= {"policy": policy} if policy else {}
    opened: AbstractContextManager[AnswerBatch[FileItem]]
    remote = options.server_options(server, api_key_file, ca_file, tls, timeout)
    options.check_local(remote, contract=contract, policy=policy)
    if remote is not None:
        from services.cli.image_remote import remote_classifier

        opened = remote_classifier(remote)
    else:
        opened = _local(_classify, given)
    with opened as answer:
        job = Job(file_item, answer, _BATCH)
        run_job(job, given_files(paths), columns=_CLASSIFY_COLUMNS, jsonl=jsonl, as_json=as_json)


@app.command(name="hash")
def hash_(
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
    """Hash pictures: PDQ with its quality, and SHA-256 of the file.

    Lines in: {"id", "path"}.
    """
    check_given(paths or [], jsonl=jsonl, what="paths")
    opened: AbstractContextManager[AnswerBatch[FileItem]]
    remote = options.server_options(server, api_key_file, ca_file, tls, timeout)
    if remote is not None:
        from services.cli.image_remote import remote_hasher

        opened = remote_hasher(remote)
    else:
        # Hashing needs no models, and must not fail for want of one.
        opened = _local(_hash, {"contracts": (), "plugins": ()})
    with opened as answer:
        job = Job(file_item, answer, _BATCH)
        run_job(job, given_files(paths), columns=_HASH_COLUMNS, jsonl=jsonl, as_json=as_json)


def classify_answer(item: FileItem, verdict: ImageVerdict) -> Json:
    """The verdict as scripts read it."""
    return {
        "path": item.path,
        "decision": verdict.outcome.decision.name,
        "categories": categories(verdict.scores),
        "reasons": picture_reasons(verdict.outcome.reasons),
        "absent": absent(verdict.outcome.absent),
        "policy_version": verdict.outcome.policy_version,
        "model_versions": list(verdict.models),
    }


def hash_answer(item: FileItem, identity: ImageHash) -> Json:
    """The hashes as scripts read them."""
    return {
        "path": item.path,
        "pdq": identity.pdq,
        "quality": identity.quality,
        "sha256": identity.sha256,
        "width": identity.width,
        "height": identity.height,
    }


_Ask = Callable[["LocalImageClassifier", FileItem, bytes], Answer]


def _classify(classifier: LocalImageClassifier, item: FileItem, content: bytes) -> Answer:
    return classify_answer(item, classifier.classify(content))


def _hash(classifier: LocalImageClassifier, item: FileItem, content: bytes) -> Answer:
    return hash_answer(item, classifier.hash(content))


@contextmanager
def _local(ask: _Ask, given: dict[str, object]) -> Iterator[AnswerBatch[FileItem]]:
    """One picture a thread: decoders and models release the GIL."""
    from services.cli.settings import load_section
    from services.image_classifier.local import LocalImageClassifier
    from services.image_classifier.settings import ImageSettings

    settings: ImageSettings = load_section("image", ImageSettings, **given)
    classifier = LocalImageClassifier.open(settings)

    def one(item: FileItem) -> Answer:
        return ask(classifier, item, read_file(item.path, max_bytes=settings.decode.max_bytes))

    with ThreadPoolExecutor(settings.threads) as pool:
        yield lambda items: list(pool.map(partial(attempt, one), items))
