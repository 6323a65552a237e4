"""The `metadata` detector: names the tool, quotes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from services.chassis.signals import AbsentSignal, JsonValue, Signal
from services.contracts.vocabulary import PValueKind
from services.media_scanner.containers.fields import Metadata, ReadLimits
from services.media_scanner.fields_scan import Offload, scan_fields
from services.media_scanner.item import MediaItem
from services.media_scanner.metadata.generators import RULES
from services.media_scanner.metadata.rule import Match, Subject, match

_HASH = re.compile(r"^[0-9a-f]{8,64}$")


class GeneratorMetadataDetector:
    """Recognises generators by the table in `generators.py`."""

    name = "metadata"
    version = "2026.11.1"

    def __init__(self, offload: Offload, limits: ReadLimits) -> None:
        self._offload = offload
        self._limits = limits

    async def scan(self, item: MediaItem) -> Signal | AbsentSignal:
        return await scan_fields(self, item, self._offload, self._limits)

    def judge(self, metadata: Metadata) -> Signal | None:
        """The first rule that holds names the tool."""
        found = match(RULES, metadata)
        if found is None:
            return None
        return Signal(
            self.name,
            self.version,
            verdict=found.rule.verdict,
            p_kind=PValueKind.DECLARED,
            evidence=evidence(metadata, found),
        )


def evidence(metadata: Metadata, first: Match) -> dict[str, JsonValue]:
    """The tool, where it was seen, and the model's hash: names and places, never a field's text."""
    found: dict[str, JsonValue] = {
        "tool": first.rule.tool,
        "rule": first.rule.id,
        "container": metadata.container,
        "fields": [{"place": field.place.value, "field": field.key} for field in first.fields],
    }
    model = next(_model_hashes(first.fields), None)
    if model is not None:
        found["model_hash"] = model
    return found


def _model_hashes(fields: Iterable[Subject]) -> Iterator[str]:
    for field in fields:
        candidates = [
            (field.settings or {}).get("Model hash"),
            (field.document or {}).get("base_model_hash"),
        ]
        yield from (value for value in candidates if isinstance(value, str) and _HASH.match(value))
