"""JSON Lines in and out, in input order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BufferedIOBase
from typing import Protocol

from services.chassis.errors import InvalidInputError, PalisadeError
from services.cli.job import Job, Named, T
from services.cli.stdin import RawLine, read_batches

MAX_LINE_BYTES = 16 * 1024 * 1024


class Sink(Protocol):
    """Where lines go."""

    def write(self, data: bytes, /) -> object: ...
    def flush(self) -> None: ...


def answer_lines(job: Job[T], stdin: BufferedIOBase, stdout: Sink) -> bool:
    """Answer every line of `stdin` by a line on `stdout`; whether all were answered without an error."""
    complete = True
    for batch in read_batches(stdin, size=job.batch, max_line_bytes=MAX_LINE_BYTES):
        results = job.work([_parse(line) for line in batch])
        write_lines(results, stdout)
        complete = complete and all_answered(results)
    return complete


def write_lines(results: Iterable[Named], stdout: Sink) -> None:
    """One line each, flushed together."""
    stdout.write(b"".join(_encode(result) for result in results))
    stdout.flush()


def all_answered(results: Iterable[Named]) -> bool:
    """Whether none of them is an error."""
    return not any(isinstance(each.result, PalisadeError) for each in results)


def _encode(result: Named) -> bytes:
    # ASCII: whatever a path or an id is made of, every reader takes the line.
    return json.dumps(result.line(), separators=(",", ":")).encode("ascii") + b"\n"


def _parse(line: RawLine) -> object:
    """The value a line holds, or the error that it stands for."""
    if isinstance(line, PalisadeError):
        return line
    try:
        return json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        # Without the parser's words: they may quote the line.
        return InvalidInputError("the line is not valid JSON", code="INVALID_JSON")
