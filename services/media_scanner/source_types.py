"""IPTC and C2PA digital source types, and what each declares about AI."""

from __future__ import annotations

from types import MappingProxyType

from services.contracts.vocabulary import ProvenanceVerdict

_PREFIXES = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/",
    "https://cv.iptc.org/newscodes/digitalsourcetype/",
    "http://c2pa.org/digitalsourcetype/",
    "https://c2pa.org/digitalsourcetype/",
    "digsrctype:",
)

# Spelled as in the vocabularies; compared without regard to case because writers vary.
KNOWN = (
    "algorithmicallyEnhanced",
    "algorithmicMedia",
    "composite",
    "compositeCapture",
    "compositeSynthetic",
    "compositeWithTrainedAlgorithmicMedia",
    "computationalCapture",
    "dataDrivenMedia",
    "digitalArt",
    "digitalCapture",
    "digitalCreation",
    "empty",
    "humanEdits",
    "minorHumanEdits",
    "negativeFilm",
    "positiveFilm",
    "print",
    "screenCapture",
    "softwareImage",
    "trainedAlgorithmicData",
    "trainedAlgorithmicMedia",
    "virtualRecording",
)
_BY_LOWER = MappingProxyType({name.lower(): name for name in KNOWN})

# `algorithmicMedia` is mathematics without training data and is not counted as AI.
_DECLARES = MappingProxyType(
    {
        "trainedAlgorithmicMedia": ProvenanceVerdict.YES,
        "compositeWithTrainedAlgorithmicMedia": ProvenanceVerdict.EDITED,
        "compositeSynthetic": ProvenanceVerdict.EDITED,
    }
)
TRANSFORMS_BY_AI = frozenset(
    {
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "compositeSynthetic",
        "trainedAlgorithmicData",
    }
)
"""On an edit, each of these says that AI changed what can be perceived (C2PA rubric 2026-08)."""


def source_type(value: str) -> str | None:
    """The vocabulary's name for a URI, CURIE or bare name; None where there is no such type."""
    text = value.strip()
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    return _BY_LOWER.get(text.strip("/").lower())


def declared_origin(name: str) -> ProvenanceVerdict | None:
    """What the type says of a whole picture; None where it says nothing of AI."""
    return _DECLARES.get(name)
