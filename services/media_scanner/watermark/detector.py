"""The `watermark` detector: the tenant's own mark, with a certified p-value."""

from __future__ import annotations

from collections.abc import Callable

from services.chassis.errors import InvalidInputError
from services.chassis.signals import AbsentSignal, Signal
from services.contracts.vocabulary import AbsenceCause, ProvenanceVerdict, PValueKind
from services.media_scanner.fields_scan import Offload
from services.media_scanner.item import MediaItem
from services.media_scanner.watermark.detect import Detection, WatermarkReader
from services.media_scanner.watermark.embed import Pixels
from services.media_scanner.watermark.key import PILOTS

_UNSUPPORTED = frozenset({"UNSUPPORTED_FORMAT", "PICTURE_TOO_SMALL"})


class WatermarkDetector:
    """Looks for the mark of one key. Whoever marks a picture says that a generator made it.

    Args:
        read_pixels: decodes a file; raises InvalidInputError's subclasses.
    """

    name = "watermark"
    version = "dct-1"

    def __init__(
        self, reader: WatermarkReader, read_pixels: Callable[[bytes], Pixels], offload: Offload
    ) -> None:
        self._reader = reader
        self._read_pixels = read_pixels
        self._offload = offload

    async def scan(self, item: MediaItem) -> Signal | AbsentSignal:
        """A mark, or its absence with the p-value that says how clearly."""
        if item.media_type is None:
            return AbsentSignal(self.name, AbsenceCause.UNSUPPORTED, "unknown kind of file")
        try:
            found = await self._offload(lambda: self._detect(item.content))
        except InvalidInputError as error:
            cause = AbsenceCause.UNSUPPORTED if error.code in _UNSUPPORTED else AbsenceCause.FAILED
            return AbsentSignal(self.name, cause, error.code)
        return self._signal(found)

    def _detect(self, content: bytes) -> Detection:
        return self._reader.detect(self._read_pixels(content))

    def _signal(self, found: Detection) -> Signal:
        return Signal(
            self.name,
            self.version,
            verdict=ProvenanceVerdict.YES if found.detected else ProvenanceVerdict.NO_EVIDENCE,
            p_value=found.p_value,
            p_kind=PValueKind.CERTIFIED,
            evidence={
                "key_id": self._reader.key_id,
                "payload": found.payload.hex() if found.payload is not None else None,
                "agreeing": found.agreeing,
                "pilots": PILOTS,
                "hypotheses_tested": 1,
            },
        )
