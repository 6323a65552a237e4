"""The own mark: invisible, found after re-compression and scaling, and honest about chance."""

from __future__ import annotations

import io
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import skimage
from PIL import Image

from services.chassis.errors import InvalidInputError, SettingsError
from services.chassis.signals import AbsentSignal, Signal
from services.contracts.vocabulary import AbsenceCause, ProvenanceVerdict, PValueKind
from services.media_scanner.adapters.pixels import read_pixels, write_png
from services.media_scanner.local import LocalWatermark
from services.media_scanner.watermark.detect import WatermarkReader
from services.media_scanner.watermark.detector import WatermarkDetector
from services.media_scanner.watermark.embed import Pixels, TooSmallError, embed
from services.media_scanner.watermark.key import PILOTS, WatermarkKey
from services.media_scanner.watermark.spectrum import Band, band_size
from services.media_scanner.watermark.statistics import fair_tail
from tests.unit.media_scanner.inline import inline, scan_with
from tests.unit.media_scanner.writers import picture

KEY = WatermarkKey(b"a key that only the tests know")
PAYLOAD = KEY.payload_for("item")
PHOTOGRAPHS = (
    "astronaut.png",
    "coffee.png",
    "chelsea.png",
    "rocket.jpg",
    "camera.png",
    "motorcycle_left.png",
)


def photograph(name: str) -> Pixels:
    return read_pixels((Path(skimage.__file__).parent / "data" / name).read_bytes())


def recode(pixels: Pixels, kind: str, quality: int) -> Pixels:
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, kind, quality=quality)
    return read_pixels(target.getvalue())


def scaled(pixels: Pixels, factor: float) -> Pixels:
    height, width = pixels.shape[:2]
    size = (round(width * factor), round(height * factor))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))


def psnr(first: Pixels, second: Pixels) -> float:
    error = np.mean((first.astype(float) - second.astype(float)) ** 2)
    return 10 * math.log10(255**2 / error)


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_the_mark_outlives_recompression_and_scaling(name: str) -> None:
    original = photograph(name)
    marked = embed(original, KEY, PAYLOAD)
    assert psnr(original, marked) >= 41.95
    reader = WatermarkReader(KEY)
    versions = {
        "none": marked,
        "jpeg 70": recode(marked, "JPEG", 70),
        "jpeg 50": recode(marked, "JPEG", 50),
        "scaled 0.75": scaled(marked, 0.75),
        "scaled 1.5": scaled(marked, 1.5),
        "scaled 0.8, jpeg 70": recode(scaled(marked, 0.8), "JPEG", 70),
    }
    for change, version in versions.items():
        found = reader.detect(version)
        assert found.p_value <= 1e-6, change
        assert found.payload == PAYLOAD, change
    unmarked = reader.detect(original)
    assert unmarked.payload is None
    assert unmarked.p_value > 1e-6


def test_another_key_sees_nothing() -> None:
    marked = embed(photograph("coffee.png"), KEY, PAYLOAD)
    other = WatermarkReader(WatermarkKey(b"another key, equally long")).detect(marked)
    assert other.p_value > 1e-6
    assert other.payload is None


def test_chance_is_as_stated_over_random_keys() -> None:
    """For fixed pictures, a flat one among them, p-values over keys are uniform (Kolmogorov-Smirnov)."""
    rng = np.random.default_rng(20261122)
    flat = np.full((200, 200, 3), 128, dtype=np.uint8)
    pictures = [scaled(photograph("camera.png"), 0.4), scaled(photograph("coffee.png"), 0.5), flat]
    spectra = [
        Band(*pixels.shape[:2]).analyse(pixels.astype(np.float32) @ np.full(3, 1 / 3, np.float32))
        for pixels in pictures
    ]
    values = []
    for _ in range(250):
        reader = WatermarkReader(WatermarkKey(rng.bytes(16)))
        values += [fair_tail(reader._agreeing(spectrum), PILOTS) for spectrum in spectra]
    ranked = np.sort(values)
    # Bin(4096, 1/2) has steps of at most 1.3 %, so "uniform" holds up to that.
    distance = np.abs(ranked - np.arange(1, len(ranked) + 1) / len(ranked)).max()
    assert distance < 1.95 / math.sqrt(len(ranked)) + 0.013


@pytest.mark.parametrize(
    ("hits", "trials"), [(0, 10), (3, 10), (5, 10), (6, 10), (10, 10), (60, 100), (5, 9)]
)
def test_the_tail_is_exact(hits: int, trials: int) -> None:
    exact = Fraction(sum(math.comb(trials, k) for k in range(hits, trials + 1)), 2**trials)
    assert fair_tail(hits, trials) == pytest.approx(float(exact), rel=1e-12)


def test_the_tail_is_never_zero() -> None:
    assert 0 < fair_tail(PILOTS, PILOTS) < 1e-300


def test_the_band_keeps_energy_and_comes_back() -> None:
    rng = np.random.default_rng(3)
    band = Band(210, 300)
    coefficients = rng.normal(size=band_size()).astype(np.float32)
    plane = band.synthesise(coefficients)
    assert plane.shape == (210, 300)
    assert np.square(plane).sum() == pytest.approx(np.square(coefficients).sum(), rel=1e-3)
    np.testing.assert_allclose(band.analyse(plane), coefficients, atol=1e-3)


def test_carriers_do_not_overlap_and_depend_on_the_key_alone() -> None:
    carriers = KEY.carriers()
    used = np.concatenate([carriers.pilots, carriers.payload.ravel()])
    assert len(np.unique(used)) == len(used)
    np.testing.assert_array_equal(carriers.signs, WatermarkKey(KEY.secret).carriers().signs)


def test_a_key_shows_its_id_and_never_itself() -> None:
    assert KEY.secret.decode() not in repr(KEY)
    assert len(KEY.id) == 16
    with pytest.raises(SettingsError, match="at least 16"):
        WatermarkKey(b"short")


def test_what_cannot_be_marked_is_refused() -> None:
    with pytest.raises(TooSmallError):
        embed(np.zeros((100, 400, 3), np.uint8), KEY, PAYLOAD)
    with pytest.raises(InvalidInputError, match="8 bytes"):
        embed(photograph("camera.png"), KEY, b"abc")
    with pytest.raises(InvalidInputError, match="psnr"):
        embed(photograph("camera.png"), KEY, PAYLOAD, psnr=60.0)


def detector() -> WatermarkDetector:
    return WatermarkDetector(WatermarkReader(KEY), read_pixels, inline)


async def test_the_detector_reports_key_payload_and_p_value() -> None:
    found = await scan_with(detector(), write_png(embed(photograph("rocket.jpg"), KEY, PAYLOAD)))
    assert isinstance(found, Signal)
    assert found.verdict is ProvenanceVerdict.YES
    assert found.p_kind is PValueKind.CERTIFIED
    assert found.p_value is not None
    assert found.p_value <= 1e-6
    assert found.evidence["payload"] == PAYLOAD.hex()
    assert found.evidence["key_id"] == KEY.id


async def test_the_detector_is_absent_where_it_cannot_look() -> None:
    small = await scan_with(detector(), picture("PNG"))
    assert small == AbsentSignal("watermark", AbsenceCause.UNSUPPORTED, "PICTURE_TOO_SMALL")
    broken = await scan_with(detector(), picture("PNG")[:-40])
    assert isinstance(broken, AbsentSignal)
    assert broken.cause is AbsenceCause.FAILED


def test_files_are_marked_and_read_without_a_server(tmp_path: Path) -> None:
    source = tmp_path / "in.png"
    source.write_bytes(write_png(photograph("coffee.png")))
    local = LocalWatermark(KEY)
    marked = local.embed(source, item="item")
    assert marked.payload == PAYLOAD
    assert local.detect(marked.png).payload == PAYLOAD
    assert local.detect(source).payload is None
