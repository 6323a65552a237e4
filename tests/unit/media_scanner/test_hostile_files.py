"""Mutated, truncated, oversized and bomb-like files: typed answers, bounded work."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from services.media_scanner.containers.fields import Place, ReadLimits
from services.media_scanner.containers.read import READERS, read_metadata
from services.media_scanner.containers.sniff import sniff
from services.media_scanner.fields_scan import FieldDetector
from services.media_scanner.iptc.detector import IptcDetector
from services.media_scanner.metadata.detector import GeneratorMetadataDetector
from tests.unit.media_scanner.generator_files import generator_files
from tests.unit.media_scanner.inline import inline
from tests.unit.media_scanner.writers import (
    exif,
    itext,
    jpeg,
    jpeg_xmp,
    picture,
    png,
    png_chunk,
    segment,
    text,
    webp,
    ztext,
)

LIMITS = ReadLimits(text_bytes=64 * 1024, total_text_bytes=256 * 1024)


def mutate(content: bytes, rng: random.Random) -> bytes:
    """Change, cut, repeat or insert some bytes."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(data))
        match rng.randrange(4):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                data[at : at + rng.randint(1, 16)] = b""
            case 2:
                data[at:at] = data[at : at + rng.randint(1, 64)]
            case _:
                data[at : at + 4] = rng.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"])
        if not data:
            return content[:1]
    return bytes(data)


def test_mutated_files_never_raise() -> None:
    rng = random.Random(20261122)
    files = [content for _, content, _ in generator_files()]
    detectors: list[FieldDetector] = [GeneratorMetadataDetector(inline, LIMITS), IptcDetector(inline, LIMITS)]
    for _ in range(6_000):
        content = mutate(rng.choice(files), rng)
        for media_type in READERS:
            metadata = read_metadata(content, media_type, LIMITS)
            assert metadata is not None
            for detector in detectors:
                detector.judge(metadata)


@pytest.mark.parametrize(
    ("content", "note"),
    [
        pytest.param(png(ztext("parameters", b"\0" * 10_000_000)), "text_too_large", id="zTXt bomb"),
        pytest.param(
            png(itext("parameters", "a" * 10_000_000, compressed=True)), "text_too_large", id="iTXt bomb"
        ),
        pytest.param(png(*[ztext("k", b"\0" * 60_000)] * 50), "too_much_text", id="many small bombs"),
        pytest.param(png(text("parameters", "a" * 100_000)), "text_too_large", id="large text"),
        pytest.param(png(png_chunk(b"zTXt", b"k\0\0junk")), "malformed_compression", id="broken zlib"),
        pytest.param(png(png_chunk(b"iTXt", b"k\0\0")), "malformed_text", id="short iTXt"),
        pytest.param(png(png_chunk(b"tEXt", b"no separator")), "malformed_text", id="no keyword"),
        pytest.param(picture("PNG")[:-6], "truncated", id="cut PNG"),
        pytest.param(picture("JPEG")[:100], "truncated", id="cut JPEG"),
        pytest.param(picture("WEBP")[:-6], "truncated", id="cut WebP"),
        pytest.param(jpeg(segment(0xE0, b"x"), b"no marker"), "malformed_segments", id="lost JPEG"),
        pytest.param(jpeg(segment(0xE1, b"Exif\0\0MM\0*\0\0\0\xff")), "malformed_exif", id="EXIF nowhere"),
        pytest.param(jpeg_xmp("<broken"), "malformed_xmp", id="broken XMP"),
        pytest.param(jpeg_xmp("<a>" * 100 + "</a>" * 100), "malformed_xmp", id="deep XMP"),
        pytest.param(webp((b"EXIF", b"junk")), "malformed_exif", id="no EXIF"),
    ],
)
def test_damage_is_noted(content: bytes, note: str) -> None:
    metadata = read_metadata(content, sniff(content) or "", LIMITS)
    assert metadata is not None
    assert note in metadata.notes
    assert sum(len(field.text) for field in metadata.fields) <= LIMITS.total_text_bytes


def test_entities_are_never_expanded() -> None:
    body = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    content = jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + body))
    metadata = read_metadata(content, "image/jpeg", LIMITS)
    assert metadata is not None
    assert metadata.notes == ("malformed_xmp",)
    assert metadata.fields == ()


def test_exif_entries_that_share_one_value_are_charged_each_time() -> None:
    value = b"x" * 60_000
    block = exif({"Make": value})
    entry = block[10:22]
    many = block[:8] + struct.pack(">H", 500) + entry * 500 + block[22:]
    limits = ReadLimits(total_text_bytes=256 * 1024)
    metadata = read_metadata(webp((b"EXIF", many)), "image/webp", limits)
    assert metadata is not None
    assert "too_much_text" in metadata.notes


def test_too_many_blocks_end_the_walk() -> None:
    content = png(png_chunk(b"juNk", b"") * 50)
    metadata = read_metadata(content, "image/png", ReadLimits(blocks=20))
    assert metadata is not None
    assert metadata.notes == ("too_many_blocks",)


def test_a_packet_of_endless_elements_is_given_up() -> None:
    metadata = read_metadata(jpeg_xmp("<a/>" * 500), "image/jpeg", ReadLimits(xml_nodes=100))
    assert metadata is not None
    assert metadata.notes == ("malformed_xmp",)


def test_long_edit_histories_are_passed_over() -> None:
    ancestors = "<rdf:li>xmp.did:1</rdf:li>" * 2_000
    history = f"<photoshop:DocumentAncestors><rdf:Bag>{ancestors}</rdf:Bag></photoshop:DocumentAncestors>"
    metadata = read_metadata(jpeg_xmp(history), "image/jpeg", ReadLimits(fields=10))
    assert metadata is not None
    assert metadata.complete


def test_fill_bytes_do_not_hold_the_walk_up() -> None:
    metadata = read_metadata(b"\xff\xd8" + b"\xff" * 5_000, "image/jpeg", ReadLimits(blocks=100))
    assert metadata is not None
    assert "too_many_blocks" in metadata.notes


def test_too_many_fields_are_noted() -> None:
    metadata = read_metadata(png(*[text("k", "v")] * 30), "image/png", ReadLimits(fields=10))
    assert metadata is not None
    assert len(metadata.fields) == 10
    assert metadata.notes == ("too_many_fields",)


def test_a_trailer_full_of_names_is_looked_at_four_times() -> None:
    trailer = b"PhotoEditor_Re_Edit_Data" * 10_000 + b"x"
    metadata = read_metadata(jpeg(trailer=trailer), "image/jpeg", LIMITS)
    assert metadata is not None
    assert metadata.fields == ()


def test_xmp_continues_in_extension_segments() -> None:
    guid = b"0" * 32
    packet = b'<x xmlns:e="http://ns.adobe.com/exif/1.0/"><e:UserComment>abc</e:UserComment></x>'
    head = b"http://ns.adobe.com/xmp/extension/\0" + guid + struct.pack(">I", len(packet))
    parts = [
        segment(0xE1, head + struct.pack(">I", 40) + packet[40:]),
        segment(0xE1, head + struct.pack(">I", 0) + packet[:40]),
    ]
    metadata = read_metadata(jpeg(*parts), "image/jpeg", LIMITS)
    assert metadata is not None
    assert [(field.place, field.key, field.text) for field in metadata.fields] == [
        (Place.XMP, "exif:UserComment", "abc")
    ]


def test_checksums_are_not_demanded() -> None:
    chunk = text("parameters", "value")
    metadata = read_metadata(png(chunk[:-4] + struct.pack(">I", zlib.crc32(b""))), "image/png", LIMITS)
    assert metadata is not None
    assert [field.text for field in metadata.fields] == ["value"]


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"GIF89a", "image/gif"),
        (b"MM\0*", "image/tiff"),
        (b"\0\0\0\x20ftypavif\0\0\0\0", "image/avif"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "image/avif"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "video/mp4"),
        (b"\0\0\0\x18ftypXXXX\0\0\0\0", None),
        (b"<svg", None),
        (b"", None),
    ],
)
def test_kinds_of_files_by_their_first_bytes(head: bytes, media_type: str | None) -> None:
    assert sniff(head) == media_type
