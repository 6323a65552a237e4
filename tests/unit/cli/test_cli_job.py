"""Every line has its answer or its error, in order, whatever happens to its neighbours."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest

from services.chassis.errors import InvalidInputError, TooLargeError
from services.cli.fields import Fields
from services.cli.job import Answer, Job, Result, each
from services.cli.jsonl import answer_lines


def _text(_item: str, fields: Fields) -> str:
    return fields.text("text")


def _length(text: str) -> Answer:
    if len(text) > 5:
        raise TooLargeError("the text is too long")
    return {"length": len(text)}


def _run(job: Job[str], lines: bytes) -> tuple[bool, list[dict[str, Any]]]:
    out = io.BytesIO()
    complete = answer_lines(job, io.BytesIO(lines), out)
    return complete, [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_answers_keep_the_order_and_the_ids_as_they_came(batch: int) -> None:
    lines = b'{"id":"b","text":"x"}\n{"id":2,"text":"xx"}\n{"id":"a","text":"xxx"}\n'
    complete, answers = _run(Job(_text, each(_length), batch), lines)
    assert complete
    assert answers == [{"id": "b", "length": 1}, {"id": 2, "length": 2}, {"id": "a", "length": 3}]


@pytest.mark.parametrize(
    ("line", "name", "code"),
    [
        (b"no json", None, "INVALID_JSON"),
        (b"", None, "INVALID_JSON"),
        (b"[1]", None, "INVALID_JSON"),
        (b"\xff\xfe", None, "INVALID_JSON"),
        (b"[" * 100_000, None, "INVALID_JSON"),
        (b'{"text":"x"}', None, "MISSING_FIELD"),
        (b'{"id":null,"text":"x"}', None, "INVALID_FIELD"),
        (b'{"id":"","text":"x"}', None, "INVALID_FIELD"),
        (b'{"id":true,"text":"x"}', None, "INVALID_FIELD"),
        (b'{"id":"q"}', "q", "MISSING_FIELD"),
        (b'{"id":"q","text":7}', "q", "INVALID_FIELD"),
        (b'{"id":"q","text":"xxxxxx"}', "q", "TOO_LARGE"),
    ],
)
def test_an_unfit_line_gets_its_error_and_the_run_goes_on(line: bytes, name: str | None, code: str) -> None:
    good = b'{"id":"good","text":"x"}\n'
    complete, answers = _run(Job(_text, each(_length), 10), good + line + b"\n" + good)
    assert not complete
    assert [answer["id"] for answer in answers] == ["good", name, "good"]
    assert set(answers[1]) == {"id", "error"}
    assert answers[1]["error"]["code"] == code
    assert answers[1]["error"]["message"]


def test_a_byte_order_mark_and_carriage_returns_are_no_fault() -> None:
    complete, answers = _run(Job(_text, each(_length), 10), b'\xef\xbb\xbf{"id":"1","text":"x"}\r\n')
    assert complete
    assert answers == [{"id": "1", "length": 1}]


def test_an_id_of_half_a_character_comes_back_as_it_was() -> None:
    _, answers = _run(Job(_text, each(_length), 10), b'{"id":"\\ud800","text":"x"}\n')
    assert answers[0]["id"] == "\ud800"


def test_a_batch_that_fails_fails_only_for_the_guilty_item() -> None:
    def answer(texts: Sequence[str]) -> list[Result]:
        if "bad" in texts:
            raise RuntimeError("the item itself stands here")
        return [{"length": len(text)} for text in texts]

    lines = b"".join(b'{"id":"%d","text":"%s"}\n' % pair for pair in enumerate([b"a", b"bad", b"b"]))
    complete, answers = _run(Job(_text, answer, 10), lines)
    assert not complete
    assert answers[0] == {"id": "0", "length": 1}
    assert answers[1] == {"id": "1", "error": {"code": "INTERNAL", "message": "internal error"}}
    assert answers[2] == {"id": "2", "length": 1}


def test_errors_as_values_keep_their_places() -> None:
    def answer(texts: Sequence[str]) -> list[Result]:
        return [InvalidInputError("no", code="NO") if text == "b" else {} for text in texts]

    lines = b'{"id":"1","text":"a"}\n{"id":"2","text":"b"}\n'
    _, answers = _run(Job(_text, answer, 10), lines)
    assert answers == [{"id": "1"}, {"id": "2", "error": {"code": "NO", "message": "no"}}]
