"""The implicit label of GB 45438-2025 (China), wherever its writers put it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from services.media_scanner.containers.fields import Field, Place

_FIELDS = frozenset(
    {
        "Label",
        "ContentProducer",
        "ProduceID",
        "ContentPropagator",
        "PropagateID",
        "ServiceProvider",
        "ServiceUser",
    }
)
# What the standard calls suspected: a propagator's guess, not the producer's word.
_SUSPECTED = "3"
_MAX_JSON = 64 * 1024


@dataclass(frozen=True, slots=True)
class AigcLabel:
    """`label` is 1 (generated), 2 (possibly), 3 (suspected) or empty; `fields` the names present."""

    place: Place
    key: str
    label: str
    fields: tuple[str, ...]

    @property
    def declares(self) -> bool:
        return self.label != _SUSPECTED


def aigc_label(field: Field) -> AigcLabel | None:
    """The label in this field; None where there is none with at least one of the standard's fields."""
    text = _candidate(field)
    if text is None:
        return None
    try:
        # Writers append other bytes after the object in bare JPEG segments.
        value, _ = json.JSONDecoder().raw_decode(text[:_MAX_JSON].lstrip())
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict) and isinstance(value.get("AIGC"), dict):
        value = value["AIGC"]
    if not isinstance(value, dict) or not _FIELDS & value.keys():
        return None
    label = value.get("Label", "")
    known = str(label) if str(label) in {"1", "2", "3"} else ""
    return AigcLabel(field.place, field.key, known, tuple(sorted(_FIELDS & value.keys())))


def _candidate(field: Field) -> str | None:
    """The text that may be the label's JSON object."""
    if field.key in {"TC260:AIGC", "AIGC"}:
        return field.text
    if field.place is Place.APP:
        at = field.text.find("AIGC{")
        return field.text[at + len("AIGC") :] if at >= 0 else None
    if field.key in {"UserComment", "ImageDescription"} and '"AIGC"' in field.text[:_MAX_JSON]:
        return field.text
    return None
