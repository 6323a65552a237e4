"""Runs a job on what was asked: lines on stdin, or items named on the command line."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from io import BufferedIOBase
from typing import cast

import typer

from services.cli.job import Job, Named, T
from services.cli.jsonl import all_answered, answer_lines, write_lines
from services.cli.render import Columns, print_results

EXIT_SOME_ERRORS = 1


def run_job(
    job: Job[T],
    given: Sequence[Mapping[str, object]],
    *,
    columns: Columns,
    jsonl: bool,
    as_json: bool,
) -> None:
    """Answer what is `given`, or else, with `jsonl`, the lines on stdin.

    Given items are shown as a table, or with either flag as one JSON object a line. Exits with 1
    where some carry errors.
    """
    if jsonl and not given:
        complete = answer_lines(job, cast("BufferedIOBase", sys.stdin.buffer), sys.stdout.buffer)
    else:
        complete = _answer_given(job, given, columns=None if jsonl or as_json else columns)
    if not complete:
        raise typer.Exit(EXIT_SOME_ERRORS)


def check_given(given: Sequence[object], *, jsonl: bool, what: str) -> None:
    """Refuse, as bad usage, a command that has nothing to work on."""
    if not given and not jsonl:
        raise typer.BadParameter(f"give {what}, or --jsonl with lines on stdin")


def _answer_given(job: Job[T], given: Sequence[Mapping[str, object]], *, columns: Columns | None) -> bool:
    results: list[Named] = []
    for start in range(0, len(given), job.batch):
        answered = job.work([dict(each) for each in given[start : start + job.batch]])
        if columns is None:
            write_lines(answered, sys.stdout.buffer)
        results += answered
    if columns is not None:
        print_results(results, columns)
    return all_answered(results)
