"""What the decode guarantees: sampled frames, limits before pixels, and nothing but named refusals."""

import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from services.chassis.errors import InvalidInputError, TooLargeError
from services.imaging.decode import decode
from services.imaging.errors import (
    CorruptImageError,
    ImageError,
    TooManyBytesError,
    TooManyFramesError,
    TooManyPixelsError,
    TruncatedImageError,
    UnsupportedFormatError,
)
from services.imaging.limits import DecodeLimits
from tests.unit.imaging.pictures import FORMATS, animation, drawing, file, photograph

MUTATIONS_PER_FORMAT = 40


@pytest.mark.parametrize("name", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_frames_of_an_animation_are_sampled(name: str) -> None:
    frames = [Image.new("RGB", (40, 30), (shade * 6, 0, 0)) for shade in range(40)]
    decoded = decode(animation(frames, name))
    assert decoded.frame_count == 40
    assert [view.frame for view in decoded.views][:: len(decoded.views) - 1] == [0, 39]
    assert len(decoded.views) == 16
    assert decoded.views[-1].rgb[0, 0, 0] > 200


def test_a_photograph_with_a_second_picture_in_it_is_seen_whole() -> None:
    both = file(photograph(), "MPO", save_all=True, append_images=[drawing(90, 60)])
    decoded = decode(both)
    assert decoded.frame_count == 2
    assert decoded.views[1].rgb.shape == (60, 90, 3)


def test_too_many_bytes() -> None:
    with pytest.raises(TooManyBytesError):
        decode(file(photograph()), DecodeLimits(max_bytes=1000))


@pytest.mark.parametrize("name", FORMATS)
def test_too_many_pixels_are_refused_by_the_header(name: str) -> None:
    with pytest.raises(TooManyPixelsError) as refused:
        decode(file(drawing(80, 60), name), DecodeLimits(max_pixels=4000))
    assert isinstance(refused.value, TooLargeError)
    assert refused.value.code == "TOO_MANY_PIXELS"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(TooManyPixelsError):
        decode(bomb(60_000, 60_000))


def test_a_thin_giant_is_refused() -> None:
    with pytest.raises(TooManyPixelsError):
        decode(file(Image.new("L", (31_000, 1))))


def test_an_endless_animation_is_refused() -> None:
    frames = [Image.new("L", (40, 30), shade) for shade in range(50)]
    with pytest.raises(TooManyFramesError):
        decode(animation(frames, "GIF"), DecodeLimits(max_animation_pixels=40 * 30 * 49))


def test_a_later_page_over_the_limit_is_refused() -> None:
    pages = animation([drawing(20, 20), drawing(200, 200)], "TIFF")
    with pytest.raises(TooManyPixelsError):
        decode(pages, DecodeLimits(max_pixels=10_000))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "BMP"])
def test_a_truncated_file_says_so(name: str) -> None:
    content = file(photograph(), name)
    with pytest.raises(TruncatedImageError):
        decode(content[: len(content) // 2])


@pytest.mark.parametrize("name", FORMATS)
def test_half_a_file_is_refused_in_every_format(name: str) -> None:
    content = file(photograph(), name)
    with pytest.raises(ImageError):
        decode(content[: len(content) // 2])


def test_what_a_decoder_warns_about_is_refused() -> None:
    """A JPEG whose EXIF directory promises more than there is; Pillow warns and goes on."""
    broken = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x0112, 3, 50, 0xFFFF)
    content = file(photograph(64), "JPEG")
    segment = b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken
    with pytest.raises(CorruptImageError):
        decode(content[:2] + segment + content[2:])


def test_samples_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(CorruptImageError):
        decode(file(Image.fromarray(np.full((8, 8), np.nan, np.float32)), "TIFF"))


def test_a_damaged_chunk_is_refused() -> None:
    content = bytearray(file(photograph()))
    content[20] ^= 0xFF
    with pytest.raises(CorruptImageError):
        decode(bytes(content))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.filterwarnings("ignore")
def test_mutated_files_are_read_or_refused_by_name(name: str) -> None:
    rng = random.Random(f"mutate-{name}")
    content = file(drawing(48, 40), name)
    refused = 0
    for _ in range(MUTATIONS_PER_FORMAT):
        try:
            decode(mutated(content, rng), DecodeLimits(max_pixels=1_000_000))
        except ImageError:
            refused += 1
    assert refused


def test_refusals_are_bad_input_and_quote_no_decoder() -> None:
    with pytest.raises(InvalidInputError) as refused:
        decode(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    assert refused.value.message == "the PNG file cannot be decoded"
    with pytest.raises(UnsupportedFormatError):
        decode(b"no picture")


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, then perhaps a part doubled, dropped or cut off."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, 12)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    at, length = rng.randrange(len(changed)), rng.randint(1, 64)
    match rng.randrange(4):
        case 0:
            del changed[at:]
        case 1:
            del changed[at : at + length]
        case 2:
            changed[at:at] = changed[at : at + length]
    return bytes(changed)


def bomb(width: int, height: int) -> bytes:
    """A PNG of some bytes that announces a giant."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
