"""Declarations by standard fields."""

from __future__ import annotations

import json

import pytest

from services.chassis.signals import Signal
from services.contracts.vocabulary import ProvenanceVerdict
from services.media_scanner.containers.fields import ReadLimits
from services.media_scanner.iptc.detector import IptcDetector
from services.media_scanner.source_types import KNOWN, source_type
from tests.unit.media_scanner.inline import inline, scan_with
from tests.unit.media_scanner.ordinary import ordinary_files
from tests.unit.media_scanner.writers import comment, jpeg, jpeg_exif, jpeg_xmp, png, segment, text, webp, xmp

YES, EDITED = ProvenanceVerdict.YES, ProvenanceVerdict.EDITED
_URI = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_LABEL = json.dumps({"Label": "1", "ContentProducer": "producer", "ProduceID": "7"})
_ESCAPED = _LABEL.replace('"', "&quot;")
_NESTED = json.dumps({"AIGC": json.loads(_LABEL)})


def declared(value: str) -> str:
    return f"<iptcExt:DigitalSourceType>{value}</iptcExt:DigitalSourceType>"


FILES = [
    pytest.param(jpeg_xmp(declared(_URI + "trainedAlgorithmicMedia")), YES, id="element"),
    pytest.param(
        jpeg_xmp(attributes=f'iptcExt:DigitalSourceType="{_URI}trainedAlgorithmicMedia"'), YES, id="attribute"
    ),
    pytest.param(
        jpeg_xmp(f'<iptcExt:DigitalSourceType rdf:resource="{_URI}trainedAlgorithmicMedia"/>'),
        YES,
        id="resource",
    ),
    pytest.param(webp((b"XMP ", xmp(declared("trainedAlgorithmicMedia")))), YES, id="bare name, webp"),
    pytest.param(jpeg_xmp(declared(_URI + "compositeWithTrainedAlgorithmicMedia")), EDITED, id="composite"),
    pytest.param(jpeg_xmp("<iptcExt:AISystemUsed>a system</iptcExt:AISystemUsed>"), YES, id="AI field"),
    pytest.param(jpeg_xmp(f"<TC260:AIGC>{_ESCAPED}</TC260:AIGC>"), YES, id="label element"),
    pytest.param(jpeg_xmp(attributes=f'TC260:AIGC="{_ESCAPED}"'), YES, id="label attribute"),
    pytest.param(png(text("AIGC", _LABEL)), YES, id="label text chunk"),
    pytest.param(jpeg_exif(UserComment=comment(_NESTED, "ASCII", "utf-8")), YES, id="label user comment"),
    pytest.param(jpeg_exif(ImageDescription=_NESTED.encode()), YES, id="label description"),
    pytest.param(jpeg(segment(0xEB, b"xx" + b"AIGC" + _LABEL.encode() + b"tail")), YES, id="label app"),
]


def detector() -> IptcDetector:
    return IptcDetector(inline, ReadLimits())


@pytest.mark.parametrize(("content", "verdict"), FILES)
async def test_declarations(content: bytes, verdict: ProvenanceVerdict) -> None:
    answer = await scan_with(detector(), content)
    assert isinstance(answer, Signal)
    assert answer.verdict is verdict


async def test_a_suspicion_is_not_a_declaration() -> None:
    label = json.dumps({"Label": "3", "ContentPropagator": "platform"})
    answer = await scan_with(detector(), png(text("AIGC", label)))
    assert isinstance(answer, Signal)
    assert answer.verdict is ProvenanceVerdict.UNKNOWN


@pytest.mark.parametrize("label", ["{}", '{"title": "AIGC"}', "not json", "[" * 100_000])
async def test_a_label_needs_a_field_of_the_standard(label: str) -> None:
    answer = await scan_with(detector(), png(text("AIGC", label)))
    assert isinstance(answer, Signal)
    assert answer.verdict is ProvenanceVerdict.NO_EVIDENCE


async def test_no_ordinary_file_is_accused() -> None:
    for name, content in ordinary_files():
        answer = await scan_with(detector(), content)
        assert isinstance(answer, Signal), name
        assert answer.verdict is ProvenanceVerdict.NO_EVIDENCE, name


async def test_field_text_stays_out_of_the_evidence() -> None:
    content = jpeg_xmp("<iptcExt:AIPromptInformation>a lighthouse at dawn</iptcExt:AIPromptInformation>")
    answer = await scan_with(detector(), content)
    assert isinstance(answer, Signal)
    assert dict(answer.evidence) == {"container": "jpeg", "ai_fields": ["AIPromptInformation"]}


def test_source_types_are_known_in_every_spelling() -> None:
    for name in KNOWN:
        assert source_type(f"{_URI}{name}") == name
        assert source_type(name.upper()) == name
    assert source_type("https://example.com/trainedAlgorithmicMedia") is None
