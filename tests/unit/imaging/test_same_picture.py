"""The same picture in any encoding is the same picture."""

import numpy as np
import pytest
from PIL import Image

from services.imaging.decode import Background, decode
from services.imaging.hashes import distance
from tests.unit.imaging.pictures import drawing, file, photograph

ORIENTED = {  # EXIF orientation: what was done to the stored pixels, undone by reading it
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
LOSSY = [
    ("JPEG", {"quality": 85}),
    ("JPEG", {"quality": 85, "progressive": True}),
    ("JPEG", {"quality": 95, "subsampling": 0}),
    ("WEBP", {"quality": 85}),
    ("AVIF", {"quality": 85}),
    ("HEIC", {"quality": 85}),
    ("GIF", {}),
]
LOSSLESS = [
    ("PNG", {}),
    ("PNG", {"optimize": True}),
    ("WEBP", {"lossless": True}),
    ("BMP", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("TIFF", {"compression": "tiff_adobe_deflate"}),
]


def reference() -> str:
    return decode(file(photograph())).hash.pdq


@pytest.mark.parametrize(("name", "options"), LOSSLESS)
def test_lossless_files_give_the_same_pixels(name: str, options: dict[str, object]) -> None:
    decoded = decode(file(photograph(), name, **options))
    assert np.array_equal(decoded.views[0].rgb, np.asarray(photograph()))
    assert decoded.hash.pdq == reference()


@pytest.mark.parametrize(("name", "options"), LOSSY)
def test_lossy_files_give_the_same_hash(name: str, options: dict[str, object]) -> None:
    assert distance(decode(file(photograph(), name, **options)).hash.pdq, reference()) <= 10


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("JPEG", "CMYK"),
        ("TIFF", "CMYK"),
        ("PNG", "P"),
        ("GIF", "P"),
        ("PNG", "RGBA"),
        ("WEBP", "RGBA"),
        ("TIFF", "YCbCr"),
    ],
)
def test_colour_modes_give_the_same_hash(name: str, mode: str) -> None:
    assert distance(decode(file(photograph().convert(mode), name)).hash.pdq, reference()) <= 10


@pytest.mark.parametrize("orientation", ORIENTED)
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIC"])
def test_orientation_is_applied(name: str, orientation: int) -> None:
    upright = drawing(120, 80)
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = file(upright.transpose(ORIENTED[orientation]), name, exif=exif.tobytes(), quality=95)
    decoded = decode(turned)
    assert (decoded.hash.width, decoded.hash.height) == (120, 80)
    difference = np.abs(decoded.views[0].rgb.astype(int) - np.asarray(upright).astype(int))
    assert difference.mean() < 4


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_deep_grey_is_scaled_and_not_clipped(name: str) -> None:
    grey = np.asarray(photograph().convert("L"))
    deep = Image.fromarray(grey.astype(np.uint16) * 257)
    decoded = decode(file(deep, name))
    assert np.array_equal(decoded.views[0].rgb[..., 0], grey)
    shallow = decode(file(photograph().convert("L")))
    assert decoded.hash.pdq == shallow.hash.pdq


@pytest.mark.parametrize("scale", [1 / 255, 1.0, 200.0])
def test_floating_point_samples_are_scaled(scale: float) -> None:
    grey = np.asarray(photograph().convert("L"))
    samples = Image.fromarray((grey * scale).astype(np.float32))
    decoded = decode(file(samples, "TIFF"))
    assert distance(decoded.hash.pdq, decode(file(photograph().convert("L"))).hash.pdq) <= 10


def test_a_see_through_picture_is_seen_on_white_and_on_black() -> None:
    ink = np.zeros((64, 64, 4), np.uint8)
    ink[16:48, 16:48] = (255, 255, 255, 255)
    on_white, on_black = decode(file(Image.fromarray(ink))).views
    assert (on_white.background, on_black.background) == (Background.WHITE, Background.BLACK)
    assert on_white.rgb.min() == 255
    assert on_black.rgb[32, 32].min() == 255
    assert on_black.rgb[0, 0].max() == 0


def test_opaque_alpha_is_one_view() -> None:
    assert len(decode(file(photograph().convert("RGBA"))).views) == 1


def test_a_palette_with_a_transparent_colour_is_see_through() -> None:
    paletted = photograph().convert("P")
    assert len(decode(file(paletted, "PNG", transparency=0)).views) == 2


def test_deep_grey_with_a_transparent_value_is_see_through() -> None:
    deep = Image.fromarray(np.arange(64 * 64, dtype=np.uint16).reshape(64, 64))
    assert len(decode(file(deep, "PNG", transparency=0)).views) == 2


def test_large_pictures_are_reduced_for_judging_but_hashed_whole() -> None:
    decoded = decode(file(photograph(2100)))
    assert decoded.views[0].rgb.shape == (1050, 1050, 3)
    assert (decoded.hash.width, decoded.hash.height) == (2100, 2100)
