"""Every row of the generator table on a file written in its format, and none on ordinary files."""

from __future__ import annotations

import json

import pytest

from services.chassis.signals import AbsentSignal, Signal
from services.contracts.vocabulary import AbsenceCause, ProvenanceVerdict
from services.media_scanner.containers.fields import ReadLimits
from services.media_scanner.item import MediaItem
from services.media_scanner.metadata.detector import GeneratorMetadataDetector
from services.media_scanner.metadata.generators import RULES
from tests.unit.media_scanner.generator_files import generator_files, settings
from tests.unit.media_scanner.inline import inline, scan_with
from tests.unit.media_scanner.ordinary import ordinary_files
from tests.unit.media_scanner.writers import PROMPT, jpeg, jpeg_exif, png, segment, text

CASES = list(generator_files())


def detector() -> GeneratorMetadataDetector:
    return GeneratorMetadataDetector(inline, ReadLimits())


@pytest.mark.parametrize(("content", "tool"), [pytest.param(c, t, id=n) for n, c, t in CASES])
async def test_names_the_exact_tool(content: bytes, tool: str) -> None:
    answer = await scan_with(detector(), content)
    assert isinstance(answer, Signal)
    assert answer.evidence["tool"] == tool
    assert answer.verdict in {ProvenanceVerdict.YES, ProvenanceVerdict.EDITED}
    assert PROMPT not in json.dumps(dict(answer.evidence))


def test_every_tool_of_the_table_has_a_file() -> None:
    without = {rule.tool for rule in RULES} - {tool for _, _, tool in CASES}
    assert without == set()


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)


async def test_evidence_says_where_and_which_model_but_quotes_nothing() -> None:
    answer = await scan_with(detector(), png(text("parameters", settings("v1.6.0"))))
    assert isinstance(answer, Signal)
    assert dict(answer.evidence) == {
        "tool": "AUTOMATIC1111",
        "rule": "a1111.settings",
        "container": "png",
        "fields": [{"place": "text", "field": "parameters"}],
        "model_hash": "6ce0161689",
    }


async def test_no_ordinary_file_is_accused() -> None:
    files = list(ordinary_files())
    assert len(files) >= 50
    for name, content in files:
        answer = await scan_with(detector(), content)
        assert isinstance(answer, Signal), name
        assert answer.verdict is ProvenanceVerdict.NO_EVIDENCE, name


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(png(text("parameters", "Steps: mix, bake")), id="recipe"),
        pytest.param(png(text("Comment", "Steps: 20 to the lighthouse")), id="comment"),
        pytest.param(png(text("prompt", "say when")), id="prompt without a graph"),
        pytest.param(png(text("workflow", '{"steps": []}')), id="another workflow"),
        pytest.param(png(text("Description", "Job ID: 12")), id="another job"),
        pytest.param(jpeg(segment(0xFE, b"Created with GIMP")), id="gimp"),
        pytest.param(jpeg_exif(Artist=b"ai weiwei\0", Software=b"darktable\0"), id="an artist"),
        pytest.param(jpeg_exif(Make=b"Samsung\0", Model=b"Galaxy\0"), id="a camera"),
        pytest.param(jpeg(trailer=b'PhotoEditor_Re_Edit_Data{"genAIType":0}'), id="edit without AI"),
    ],
)
async def test_near_misses_are_not_evidence(content: bytes) -> None:
    answer = await scan_with(detector(), content)
    assert isinstance(answer, Signal)
    assert answer.verdict is ProvenanceVerdict.NO_EVIDENCE


async def test_a_file_read_in_part_is_absent_and_not_negative() -> None:
    content = png()
    answer = await scan_with(detector(), content[: len(content) - 20])
    assert answer == AbsentSignal("metadata", AbsenceCause.FAILED, "read in part: truncated")


async def test_evidence_in_a_truncated_file_still_counts() -> None:
    content = png(text("parameters", settings()))
    answer = await scan_with(detector(), content[: len(content) - 20])
    assert isinstance(answer, Signal)
    assert answer.evidence["tool"] == "AUTOMATIC1111"


@pytest.mark.parametrize("content", [b"GIF89a" + b"\0" * 20, b"plain words"])
async def test_other_kinds_of_files_are_unsupported(content: bytes) -> None:
    answer = await detector().scan(MediaItem.of("x", content, max_bytes=1000))
    assert isinstance(answer, AbsentSignal)
    assert answer.cause is AbsenceCause.UNSUPPORTED
