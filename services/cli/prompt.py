"""`palisade prompt`: does a prompt seek harm?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Annotated

import typer

from services.chassis.errors import PalisadeError
from services.chassis.lasting import lasting
from services.cli import options, render
from services.cli.fields import Fields
from services.cli.job import AnswerBatch, Job, Result
from services.cli.output import check_given, run_job
from services.cli.shapes import Json, absent, categories, reasons
from services.prompt_filter.prompt import Prompt, PromptVerdict

app = typer.Typer(help="Check prompts before anything is made of them.", no_args_is_help=True)

_BATCH = 256
_COLUMNS = {
    "decision": render.decision,
    "harm": render.score("harm"),
    "categories": render.categories,
    "reasons": render.reasons,
    "absent": render.absent,
}
_UNPAIRED = re.compile("[\ud800-\udfff]")


@app.command()
def check(
    *,
    texts: Annotated[list[str] | None, typer.Argument(metavar="TEXT", show_default=False)] = None,
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
    tenant: options.Tenant = "",
    server: options.Server = "",
    api_key_file: options.ApiKeyFile = None,
    ca_file: options.CaFile = None,
    tls: options.Tls = False,
    timeout: options.Timeout = 30.0,
) -> None:
    """Check prompts: decision, graded categories, reasons. The text itself is never shown.

    Lines in: {"id", "text"}, and if need be "negative_text" and "has_reference_face".
    """
    check_given(texts or [], jsonl=jsonl, what="texts")
    given = [{"id": str(number), "text": text} for number, text in enumerate(texts or [], start=1)]
    opened: AbstractContextManager[AnswerBatch[Prompt]]
    remote = options.server_options(server, api_key_file, ca_file, tls, timeout)
    options.check_local(remote, tenant=tenant)
    if remote is not None:
        from services.cli.prompt_remote import remote_checks

        opened = remote_checks(remote)
    else:
        opened = _local_checks(tenant or options.LOCAL_TENANT)
    with opened as answer:
        job = Job(_prompt, answer, _BATCH)
        run_job(job, given, columns=_COLUMNS, jsonl=jsonl, as_json=as_json)


def verdict_answer(verdict: PromptVerdict) -> Json:
    """The verdict as scripts read it."""
    return {
        "decision": verdict.outcome.decision.name,
        "harm": verdict.harm,
        "categories": categories(verdict.scores),
        "reasons": reasons(verdict.outcome.reasons),
        "absent": absent(verdict.outcome.absent),
        "policy_version": verdict.outcome.policy_version,
        "model_version": verdict.model_version,
    }


def _prompt(item: str, fields: Fields) -> Prompt:
    return Prompt(
        item,
        _whole(fields.text("text")),
        _whole(fields.text("negative_text", default="")),
        has_reference_face=fields.flag("has_reference_face"),
    )


def _whole(text: str) -> str:
    """JSON can carry half a surrogate pair, which is no character; one for one, so that places stay."""
    return _UNPAIRED.sub("\N{REPLACEMENT CHARACTER}", text)


@contextmanager
def _local_checks(tenant: str) -> Iterator[AnswerBatch[Prompt]]:
    with lasting():
        from services.cli.settings import load_section
        from services.prompt_filter.loading import load_filters
        from services.prompt_filter.settings import FilterSettings

        filters = load_filters(load_section("filter", FilterSettings))
        filters.refresh()
    judge = filters.of(tenant)

    def answer(prompts: Sequence[Prompt]) -> list[Result]:
        refused: dict[int, PalisadeError] = {}
        for index, prompt in enumerate(prompts):
            try:
                judge.check_length(prompt)
            except PalisadeError as error:
                refused[index] = error
        accepted = [prompt for index, prompt in enumerate(prompts) if index not in refused]
        verdicts = iter(judge.check_all(accepted))
        return [refused.get(index) or verdict_answer(next(verdicts)) for index in range(len(prompts))]

    yield answer
