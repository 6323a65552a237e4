"""Lines come out whole, bounded and as soon as they are there."""

import io
import os
from collections.abc import Iterator
from typing import cast

import pytest

from services.chassis.errors import PalisadeError
from services.cli.stdin import LineSplitter, RawLine, read_batches


def _shown(lines: list[RawLine]) -> list[str]:
    return [line.code if isinstance(line, PalisadeError) else line.decode() for line in lines]


@pytest.mark.parametrize("step", [1, 2, 3, 100])
def test_lines_do_not_depend_on_how_the_bytes_come(step: int) -> None:
    content = b"one\n\ntwo\r\nthree"
    splitter = LineSplitter(max_line_bytes=10)
    lines: list[RawLine] = []
    for start in range(0, len(content), step):
        lines += splitter.feed(content[start : start + step])
    lines += splitter.end()
    assert lines == [b"one", b"", b"two\r", b"three"]


@pytest.mark.parametrize("step", [1, 4, 100])
def test_a_line_past_the_limit_stands_as_an_error_and_the_next_is_read(step: int) -> None:
    content = b"12345\n123456\nnext\n1234567"
    splitter = LineSplitter(max_line_bytes=5)
    lines: list[RawLine] = []
    for start in range(0, len(content), step):
        lines += splitter.feed(content[start : start + step])
    lines += splitter.end()
    assert _shown(lines) == ["12345", "LINE_TOO_LONG", "next", "LINE_TOO_LONG"]


def test_a_line_end_at_the_end_makes_no_further_line() -> None:
    batches = list(read_batches(io.BytesIO(b"a\nb\n"), size=10, max_line_bytes=10))
    assert batches == [[b"a", b"b"]]


def test_batches_are_bounded_and_in_order() -> None:
    stream = io.BytesIO(b"".join(b"%d\n" % number for number in range(10)))
    batches = list(read_batches(stream, size=4, max_line_bytes=10))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    assert [int(cast("bytes", line)) for batch in batches for line in batch] == list(range(10))


def test_a_line_is_given_out_while_its_writer_waits() -> None:
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as stream, os.fdopen(write_end, "wb", buffering=0) as writer:
        batches: Iterator[list[RawLine]] = read_batches(stream, size=256, max_line_bytes=100)
        writer.write(b"first\n")
        assert next(batches) == [b"first"]
        writer.write(b"second\nthird\nhal")
        assert next(batches) == [b"second", b"third"]
        writer.write(b"f\n")
        assert next(batches) == [b"half"]
