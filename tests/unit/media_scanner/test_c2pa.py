"""Content Credentials on manifests made on the spot: axes apart, disclosure whatever the trust."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.chassis.errors import SettingsError
from services.chassis.signals import AbsentSignal, Signal
from services.contracts.vocabulary import AbsenceCause, ProvenanceVerdict
from services.demo.signing import Authority, Claim, Ingredient
from services.media_scanner.adapters.c2pa_reader import SdkManifestSource, sdk_settings, sdk_version
from services.media_scanner.adapters.threads import BoundedThreads
from services.media_scanner.c2pa.detector import C2paDetector
from services.media_scanner.settings import DATA
from tests.unit.media_scanner.inline import scan_with
from tests.unit.media_scanner.writers import picture

YES, EDITED = ProvenanceVerdict.YES, ProvenanceVerdict.EDITED
NO_EVIDENCE = ProvenanceVerdict.NO_EVIDENCE
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@pytest.fixture(scope="module")
def trusted() -> Authority:
    return Authority.create("Trusted CA")


@pytest.fixture(scope="module")
def stranger() -> Authority:
    return Authority.create("Unknown CA")


@pytest.fixture
async def detector(trusted: Authority, tmp_path: Path) -> AsyncIterator[C2paDetector]:
    anchors = tmp_path / "anchors.pem"
    anchors.write_text(trusted.anchors)
    threads = BoundedThreads(2, queue=8)
    source = SdkManifestSource(sdk_settings(DATA / "c2pa", [anchors]), threads, max_bytes=1_000_000)
    yield C2paDetector(source, version=sdk_version())
    await threads.stop()


def axes(signal: Signal) -> tuple[object, ...]:
    return tuple(signal.evidence[axis] for axis in ("binding", "signature", "trust", "time"))


async def answer(detector: C2paDetector, content: bytes) -> Signal:
    found = await scan_with(detector, content)
    assert isinstance(found, Signal), found
    return found


@pytest.mark.parametrize("kind", MEDIA_TYPES)
async def test_trusted(detector: C2paDetector, trusted: Authority, kind: str) -> None:
    signal = await answer(detector, trusted.sign(picture(kind), MEDIA_TYPES[kind], Claim()))
    assert signal.verdict is YES
    assert signal.evidence["validation_state"] == "Trusted"
    assert axes(signal) == ("intact", "valid", "trusted", "inside_validity")
    assert signal.evidence["agent"] == "Example Image Model"
    assert signal.evidence["contradicted"] is False


async def test_untrusted_still_discloses(detector: C2paDetector, stranger: Authority) -> None:
    signal = await answer(detector, stranger.sign(picture("PNG"), "image/png", Claim()))
    assert signal.verdict is YES
    assert signal.evidence["validation_state"] == "Valid"
    assert axes(signal) == ("intact", "valid", "untrusted", "inside_validity")


async def test_tampered_picture(detector: C2paDetector, trusted: Authority) -> None:
    signed = bytearray(trusted.sign(picture("JPEG"), "image/jpeg", Claim()))
    signed[-100] ^= 0x01
    signal = await answer(detector, bytes(signed))
    assert signal.evidence["validation_state"] == "Invalid"
    assert axes(signal) == ("mismatch", "valid", "trusted", "inside_validity")
    assert signal.evidence["contradicted"] is True
    assert signal.verdict is YES


async def test_tampered_claim(detector: C2paDetector, trusted: Authority) -> None:
    signed = trusted.sign(picture("JPEG"), "image/jpeg", Claim())
    signal = await answer(detector, signed.replace(b"Example Image Model", b"Another Image Tool!"))
    assert signal.evidence["signature"] == "invalid"
    assert signal.evidence["contradicted"] is True


async def test_no_manifest(detector: C2paDetector) -> None:
    signal = await answer(detector, picture("JPEG"))
    assert signal.verdict is NO_EVIDENCE
    assert dict(signal.evidence) == {"manifest": False}


async def test_a_remote_manifest_is_absent_and_never_fetched(
    detector: C2paDetector, trusted: Authority
) -> None:
    claim = Claim(remote_url="https://manifests.invalid/1.c2pa")
    found = await scan_with(detector, trusted.sign(picture("JPEG"), "image/jpeg", claim))
    assert isinstance(found, AbsentSignal)
    assert found.cause is AbsenceCause.FAILED
    assert found.detail.startswith("REMOTE_REFERENCE")
    assert "manifests.invalid" not in found.detail


@pytest.mark.parametrize(
    ("action", "source_type", "verdict"),
    [
        ("c2pa.created", "trainedAlgorithmicMedia", YES),
        ("c2pa.created", "compositeWithTrainedAlgorithmicMedia", EDITED),
        ("c2pa.created", "compositeSynthetic", EDITED),
        ("c2pa.created", "algorithmicMedia", NO_EVIDENCE),
        ("c2pa.created", "digitalCapture", NO_EVIDENCE),
        ("c2pa.created", "computationalCapture", NO_EVIDENCE),
        ("c2pa.created", "digitalCreation", NO_EVIDENCE),
        ("c2pa.created", "composite", NO_EVIDENCE),
        ("c2pa.created", "screenCapture", NO_EVIDENCE),
    ],
)
async def test_source_types(
    detector: C2paDetector, trusted: Authority, action: str, source_type: str, verdict: ProvenanceVerdict
) -> None:
    claim = Claim(action=action, source_type=source_type)
    signal = await answer(detector, trusted.sign(picture("PNG"), "image/png", claim))
    assert signal.verdict is verdict
    assert signal.evidence["source_types"] == [source_type]


async def test_disclosure_below_an_edit_is_found(detector: C2paDetector, trusted: Authority) -> None:
    made = trusted.sign(picture("PNG"), "image/png", Claim())
    opened = Claim(action="c2pa.opened", source_type="", ingredients=(Ingredient(made, "image/png"),))
    signal = await answer(detector, trusted.sign(picture("PNG"), "image/png", opened))
    assert signal.verdict is YES
    assert signal.evidence["depth"] == 1
    assert signal.evidence["manifests"] == 2
    assert signal.evidence["validation_state"] == "Trusted"
    assert axes(signal)[0] == "intact"


async def test_a_placed_ai_picture_makes_an_edit(detector: C2paDetector, trusted: Authority) -> None:
    made = trusted.sign(picture("PNG"), "image/png", Claim())
    placed = Ingredient(made, "image/png", "componentOf")
    claim = Claim(source_type="digitalCapture", ingredients=(placed,))
    signal = await answer(detector, trusted.sign(picture("PNG"), "image/png", claim))
    assert signal.verdict is EDITED


async def test_files_the_sdk_cannot_read_are_absent(detector: C2paDetector) -> None:
    found = await scan_with(detector, picture("PNG")[:60])
    assert isinstance(found, AbsentSignal)
    assert found.cause is AbsenceCause.FAILED


async def test_large_files_are_absent(detector: C2paDetector) -> None:
    found = await scan_with(detector, picture("PNG") + b"\0" * 1_000_000)
    assert isinstance(found, AbsentSignal)
    assert found.detail.startswith("TOO_LARGE")


async def test_mutated_manifests_never_escape(detector: C2paDetector, trusted: Authority) -> None:
    signed = trusted.sign(picture("JPEG"), "image/jpeg", Claim())
    rng = random.Random(7)
    for _ in range(300):
        content = bytearray(signed)
        for _ in range(rng.randint(1, 6)):
            content[rng.randrange(3, len(content))] = rng.randrange(256)
        assert isinstance(await scan_with(detector, bytes(content)), Signal | AbsentSignal)


def test_missing_trust_lists_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="C2PA trust"):
        sdk_settings(tmp_path)
