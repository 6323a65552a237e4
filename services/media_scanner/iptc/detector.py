"""The `iptc` detector: what a file declares by standard fields, whoever wrote them."""

from __future__ import annotations

from services.chassis.signals import AbsentSignal, JsonValue, Signal
from services.contracts.vocabulary import ProvenanceVerdict, PValueKind
from services.media_scanner.containers.fields import Field, Metadata, Place, ReadLimits
from services.media_scanner.fields_scan import Offload, scan_fields
from services.media_scanner.iptc.tc260 import AigcLabel, aigc_label
from services.media_scanner.item import MediaItem
from services.media_scanner.source_types import declared_origin, source_type

_SOURCE_TYPE = "digitalsourcetype"
# IPTC Photo Metadata 2025.1: filled in only where a generative system was used.
_AI_FIELDS = frozenset({"AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName"})


class IptcDetector:
    """Digital source type and AI fields of IPTC, and the TC260 label."""

    name = "iptc"
    version = "2026.11.1"

    def __init__(self, offload: Offload, limits: ReadLimits) -> None:
        self._offload = offload
        self._limits = limits

    async def scan(self, item: MediaItem) -> Signal | AbsentSignal:
        return await scan_fields(self, item, self._offload, self._limits)

    def judge(self, metadata: Metadata) -> Signal | None:
        """The strongest of: source type, AI fields, label."""
        source_types = source_types_of(metadata)
        ai_fields = sorted({name for field in metadata.fields if (name := _ai_field(field))})
        labels = [label for field in metadata.fields if (label := aigc_label(field))]
        verdict = _verdict(source_types, ai_fields, labels)
        if verdict is None:
            return None
        evidence: dict[str, JsonValue] = {"container": metadata.container}
        if source_types:
            evidence["source_types"] = list(source_types)
        if ai_fields:
            evidence["ai_fields"] = list(ai_fields)
        if labels:
            evidence["tc260"] = [_label_evidence(label) for label in labels[:4]]
        return Signal(self.name, self.version, verdict=verdict, p_kind=PValueKind.DECLARED, evidence=evidence)


def source_types_of(metadata: Metadata) -> tuple[str, ...]:
    """Known digital source types the XMP names, once each."""
    values = [
        source_type(field.text)
        for field in metadata.fields
        if field.place is Place.XMP and field.key.rpartition(":")[2].lower() == _SOURCE_TYPE
    ]
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _ai_field(field: Field) -> str | None:
    name = field.key.rpartition(":")[2]
    return name if field.place is Place.XMP and name in _AI_FIELDS else None


def _verdict(
    source_types: tuple[str, ...], ai_fields: list[str], labels: list[AigcLabel]
) -> ProvenanceVerdict | None:
    declared = [verdict for name in source_types if (verdict := declared_origin(name))]
    if any(label.declares for label in labels):
        declared.append(ProvenanceVerdict.YES)
    if ai_fields and not declared:
        # A source type says more exactly what the system was used for.
        declared.append(ProvenanceVerdict.YES)
    if declared:
        return min(declared)
    return ProvenanceVerdict.UNKNOWN if labels else None


def _label_evidence(label: AigcLabel) -> JsonValue:
    return {
        "place": label.place.value,
        "field": label.key,
        "label": label.label,
        "names": list(label.fields),
    }
