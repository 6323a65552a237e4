"""What the detectors that judge text fields have in common: reading, and when silence is an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from services.chassis.signals import AbsentSignal, Signal
from services.contracts.vocabulary import AbsenceCause, ProvenanceVerdict, PValueKind
from services.media_scanner.containers.fields import Metadata, ReadLimits
from services.media_scanner.containers.read import read_metadata
from services.media_scanner.item import MediaItem

T = TypeVar("T")


class Offload(Protocol):
    """Runs blocking work off the event loop and returns its result."""

    def __call__(self, work: Callable[[], T]) -> Awaitable[T]: ...


class FieldDetector(Protocol):
    """What a detector of text fields itself decides."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def judge(self, metadata: Metadata) -> Signal | None:
        """A positive signal, or None where the fields declare nothing."""


async def scan_fields(
    detector: FieldDetector, item: MediaItem, offload: Offload, limits: ReadLimits
) -> Signal | AbsentSignal:
    """Read the item's fields and let the detector judge them.

    Nothing found in a file that was read whole is `no_evidence`. Nothing found in one that was
    not is no answer: what was looked for may stand in the part that could not be read.
    """
    if item.media_type is None:
        return AbsentSignal(detector.name, AbsenceCause.UNSUPPORTED, "unknown kind of file")
    media_type = item.media_type
    metadata = await offload(lambda: read_metadata(item.content, media_type, limits))
    if metadata is None:
        return AbsentSignal(detector.name, AbsenceCause.UNSUPPORTED, f"no reader for {media_type}")
    found = detector.judge(metadata)
    if found is not None:
        return found
    if not metadata.complete:
        return AbsentSignal(detector.name, AbsenceCause.FAILED, f"read in part: {', '.join(metadata.notes)}")
    return Signal(
        detector.name,
        detector.version,
        verdict=ProvenanceVerdict.NO_EVIDENCE,
        p_kind=PValueKind.DECLARED,
        evidence={"container": metadata.container, "fields_read": len(metadata.fields)},
    )
