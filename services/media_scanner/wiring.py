"""The detectors of a process, from its settings; for the service and the command line alike."""

from __future__ import annotations

from services.media_scanner.adapters.c2pa_reader import SdkManifestSource, sdk_settings, sdk_version
from services.media_scanner.adapters.pixels import read_pixels
from services.media_scanner.adapters.threads import BoundedThreads
from services.media_scanner.c2pa.detector import C2paDetector
from services.media_scanner.containers.fields import ReadLimits
from services.media_scanner.detector import Detector
from services.media_scanner.iptc.detector import IptcDetector
from services.media_scanner.metadata.detector import GeneratorMetadataDetector
from services.media_scanner.policy import ScannerPolicy
from services.media_scanner.scan import Scanner
from services.media_scanner.settings import ScannerSettings
from services.media_scanner.watermark.detect import WatermarkReader
from services.media_scanner.watermark.detector import WatermarkDetector
from services.media_scanner.watermark.key import WatermarkKey


def open_threads(settings: ScannerSettings) -> BoundedThreads:
    """The threads that detectors share."""
    return BoundedThreads(settings.threads, queue=settings.queued)


def open_scanner(settings: ScannerSettings, threads: BoundedThreads) -> Scanner:
    """A scanner with every configured detector; SettingsError or PolicyError where a file is amiss."""
    limits = ReadLimits()
    manifests = SdkManifestSource(
        sdk_settings(settings.trust_lists, settings.trust_anchors), threads, max_bytes=settings.max_bytes
    )
    detectors: list[Detector] = [
        C2paDetector(manifests, version=f"c2pa-rs {sdk_version()}"),
        GeneratorMetadataDetector(threads.run, limits),
        IptcDetector(threads.run, limits),
    ]
    if settings.watermark_key is not None:
        reader = WatermarkReader(WatermarkKey.load(settings.watermark_key))
        detectors.append(WatermarkDetector(reader, read_pixels, threads.run))
    policy = ScannerPolicy.load(settings.policy)
    return Scanner(detectors, policy, timeout_seconds=settings.timeout_seconds)
