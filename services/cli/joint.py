"""`palisade joint`: prompt and picture judged together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.chassis.signals import Scores
from services.cli import options, render
from services.cli.fields import Fields
from services.cli.job import Answer, AnswerBatch, Job, each
from services.cli.output import check_given, run_job
from services.cli.shapes import Json, absent, reasons

if TYPE_CHECKING:
    from services.chassis.signals import Outcome

app = typer.Typer(help="Score prompts and pictures together.", no_args_is_help=True)

_BATCH = 64
_COLUMNS = {"decision": render.decision, "reasons": render.reasons, "absent": render.absent}


@dataclass(frozen=True, slots=True)
class Pair:
    """Both halves of a generation's evidence; None where there is none."""

    id: str
    prompt: Scores | None
    image: Scores | None


_Half = Annotated[
    list[str] | None,
    typer.Option(metavar="CATEGORY=SCORE", help="A score of this half; repeatable.", show_default=False),
]


@app.command()
def score(
    *,
    prompt: _Half = None,
    image: _Half = None,
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
    policy: options.PolicyFile = None,
    server: options.Server = "",
    api_key_file: options.ApiKeyFile = None,
    ca_file: options.CaFile = None,
    tls: options.Tls = False,
    timeout: options.Timeout = 30.0,
) -> None:
    """Join the scores of a prompt and a picture into one decision; either half may be missing.

    Lines in: {"id", "prompt": {category: score}, "image": {category: score}}.
    """
    halves = {"prompt": _half(prompt), "image": _half(image)}
    given: list[dict[str, object]] = [{"id": "1", **halves}] if any(halves.values()) else []
    check_given(given, jsonl=jsonl, what="--prompt or --image")
    opened: AbstractContextManager[AnswerBatch[Pair]]
    remote = options.server_options(server, api_key_file, ca_file, tls, timeout)
    options.check_local(remote, policy=policy)
    if remote is not None:
        from services.cli.joint_remote import remote_scorer

        opened = remote_scorer(remote)
    else:
        opened = _local_scorer(policy)
    with opened as answer:
        job = Job(_pair, answer, _BATCH)
        run_job(job, given, columns=_COLUMNS, jsonl=jsonl, as_json=as_json)


def outcome_answer(outcome: Outcome) -> Json:
    """The joint decision as scripts read it."""
    return {
        "decision": outcome.decision.name,
        "reasons": reasons(outcome.reasons),
        "absent": absent(outcome.absent),
        "policy_version": outcome.policy_version,
    }


def _pair(item: str, fields: Fields) -> Pair:
    return Pair(item, fields.scores("prompt"), fields.scores("image"))


def _half(words: list[str] | None) -> dict[str, float] | None:
    """`category=score` words as an object; what is no such word is bad usage."""
    if not words:
        return None
    half: dict[str, float] = {}
    for word in words:
        category, _, value = word.partition("=")
        try:
            half[category] = float(value)
        except ValueError:
            raise typer.BadParameter(f"{word!r} is not CATEGORY=SCORE") from None
    return half


@contextmanager
def _local_scorer(policy: Path | None) -> Iterator[AnswerBatch[Pair]]:
    from services.joint_scorer.local import LocalJointScorer

    scorer = LocalJointScorer.open(policy)

    def ask(pair: Pair) -> Answer:
        return outcome_answer(scorer.score(pair.prompt, pair.image).outcome)

    yield each(ask)
