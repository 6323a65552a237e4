"""`palisade prompt check`, as scripts rely on it. Listed terms come from the data files, by their ids."""

import asyncio
import json
import sys

import pytest

from services.prompt_filter.lexicon import Entry, Grade, Role, load_lexicon
from services.prompt_filter.settings import DATA
from tests.integration.cli.command import CATEGORIES, json_lines, palisade, start

HEAVY = ("grpc", "google.protobuf", "faust", "aiokafka", "transformers", "torch", "sqlalchemy", "PIL")


@pytest.fixture(scope="module")
def listed() -> Entry:
    """A term that says enough by itself."""
    entries = load_lexicon(DATA).entries
    fit = (
        entry
        for entry in entries
        if entry.role is Role.SEXUAL and entry.grade is Grade.EXPLICIT and entry.language == "en"
    )
    return next(entry for entry in fit if entry.term.isalpha())


async def test_every_line_is_answered_in_the_contracts_shape(listed: Entry) -> None:
    before = "a painting of "
    answers = await palisade(
        *("prompt", "check", "--jsonl"),
        stdin=json_lines(
            [
                {"id": "benign", "text": "a lighthouse at dusk"},
                {"id": 17, "text": f"{before}{listed.term}"},
                {"id": "half", "text": "a \ud800 lighthouse"},
                {"id": "empty", "text": ""},
            ]
        ),
    )
    assert answers.status == 0
    assert [line["id"] for line in answers.lines] == ["benign", 17, "half", "empty"]
    for line in answers.lines:
        assert list(line) == [
            *("id", "decision", "harm", "categories", "reasons", "absent"),
            *("policy_version", "model_version"),
        ]
        assert list(line["categories"]) == CATEGORIES
        assert all(0 <= score <= line["harm"] <= 1 for score in line["categories"].values())
        assert line["policy_version"]
        assert line["model_version"]
    benign, hit = answers.lines[:2]
    assert (benign["decision"], benign["reasons"]) == ("ALLOW", [])
    assert hit["decision"] in {"REVIEW", "BLOCK"}
    reason = next(reason for reason in hit["reasons"] if reason["rule"].endswith(listed.id))
    assert list(reason) == ["category", "severity", "rule", "start", "end"]
    assert reason["category"] == "sexual"
    assert (reason["start"], reason["end"]) == (len(before), len(before) + len(listed.term))


async def test_places_are_code_points_of_the_original_text(listed: Entry) -> None:
    # Outside the basic plane: one code point, two UTF-16 units, four bytes.
    before = "\U0001f3a8 \U0001f3a8 "
    answers = await palisade(
        *("prompt", "check", "--jsonl"),
        stdin=json_lines([{"id": "1", "text": f"{before}{listed.term}"}]),
    )
    places = [(reason["start"], reason["end"]) for reason in answers.lines[0]["reasons"]]
    assert (len(before), len(before) + len(listed.term)) in places


async def test_bad_lines_carry_errors_and_the_rest_is_answered() -> None:
    good = json.dumps({"id": "good", "text": "a lighthouse"})
    long = json.dumps({"id": "long", "text": "a" * 20_001})
    stdin = "\n".join(
        [good, "not json", long, '{"text": "x"}', '{"id": "none"}', '{"id": "n", "text": 1}', good]
    )
    answers = await palisade("prompt", "check", "--jsonl", stdin=stdin)
    assert answers.status == 1
    assert [line["id"] for line in answers.lines] == ["good", None, "long", None, "none", "n", "good"]
    codes = [line["error"]["code"] if "error" in line else None for line in answers.lines]
    missing, invalid = "MISSING_FIELD", "INVALID_FIELD"
    assert codes == [None, "INVALID_JSON", "TEXT_TOO_LONG", missing, missing, invalid, None]
    assert answers.lines[0] == answers.lines[-1]


async def test_thousands_of_lines_keep_their_order() -> None:
    objects = [{"id": str(number), "text": f"a house with {number} windows"} for number in range(2000)]
    answers = await palisade("prompt", "check", "--jsonl", stdin=json_lines(objects))
    assert answers.status == 0
    assert [line["id"] for line in answers.lines] == [each["id"] for each in objects]


async def test_a_line_is_answered_while_its_writer_waits() -> None:
    process = await start("prompt", "check", "--jsonl")
    assert process.stdin is not None
    assert process.stdout is not None
    for number in range(3):
        process.stdin.write(json_lines([{"id": number, "text": "a lighthouse"}]).encode())
        await process.stdin.drain()
        assert json.loads(await process.stdout.readline())["id"] == number
    process.stdin.close()
    assert await process.wait() == 0


async def test_arguments_give_a_table_or_objects_and_never_the_text(listed: Entry) -> None:
    table = await palisade("prompt", "check", f"a painting of {listed.term}")
    assert table.status == 0
    assert not _shows(table.out + table.err, listed)
    objects = await palisade("prompt", "check", "--json", f"a painting of {listed.term}", "a lighthouse")
    assert not _shows(objects.out + objects.err, listed)
    assert [line["id"] for line in objects.lines] == ["1", "2"]


@pytest.mark.parametrize(
    "arguments", [[], ["--nonsense"], ["--jsonl", "--tls"], ["--jsonl", "--timeout", "x"]]
)
async def test_bad_usage_ends_with_2(arguments: list[str]) -> None:
    ended = await palisade("prompt", "check", *arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert ended.err


async def test_unusable_settings_end_with_2_and_name_the_variable() -> None:
    ended = await palisade("prompt", "check", "--jsonl", PALISADE_FILTER__MAX_CHARACTERS="none")
    assert ended.status == 2
    assert "PALISADE_FILTER" in ended.err
    assert "Traceback" not in ended.err


async def test_nothing_is_imported_that_prompts_do_not_need() -> None:
    program = (
        "import sys; from services.cli import main\n"
        "sys.argv = ['palisade', 'prompt', 'check', '--jsonl']\n"
        "try: main.run()\n"
        f"finally: print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)\n"
    )
    ended = await _python(program, json_lines([{"id": "1", "text": "a lighthouse"}]))
    assert ended == "[]"


async def _python(program: str, stdin: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate(stdin.encode())
    return err.decode().strip()


def _shows(output: str, entry: Entry) -> bool:
    """Whether the term stands in the output as a word."""
    words = "".join(char if char.isalnum() else " " for char in output.lower()).split()
    return entry.term.lower() in words
