"""The SDK's JSON report as plain values. What has an unexpected shape is left out, never guessed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.media_scanner.c2pa.manifest import (
    Action,
    IngredientLink,
    Manifest,
    ManifestError,
    ManifestStore,
    ValidationCodes,
)
from services.media_scanner.source_types import source_type

_ACTIONS = "c2pa.actions"
# Assertions that carry IPTC metadata as JSON-LD.
_METADATA = ("stds.iptc", "c2pa.metadata", "cawg.metadata", "stds.schema-org.CreativeWork")
_SOURCE_TYPE_KEYS = ("Iptc4xmpExt:DigitalSourceType", "digitalSourceType", "iptcExt:DigitalSourceType")
_MAX_NAME = 100
_Json = Mapping[str, Any]


def parse_store(report: str) -> ManifestStore:
    """ManifestError where the report names no active manifest."""
    document = _mapping(json.loads(report))
    manifests = {label: _manifest(label, body) for label, body in _mapping(document.get("manifests")).items()}
    active = document.get("active_manifest")
    if not isinstance(active, str) or active not in manifests:
        raise ManifestError("the report names no active manifest", code="NO_ACTIVE_MANIFEST")
    results = _mapping(document.get("validation_results"))
    state = document.get("validation_state")
    return ManifestStore(active, manifests, state if isinstance(state, str) else "Invalid", _codes(results))


def _manifest(label: str, body: Any) -> Manifest:
    body = _mapping(body)
    assertions = [_mapping(assertion) for assertion in _list(body.get("assertions"))]
    return Manifest(
        label=label,
        generator=_generator(body),
        issuer=_name(_mapping(body.get("signature_info")).get("issuer")),
        actions=tuple(_actions(assertions)),
        source_types=tuple(_metadata_source_types(assertions)),
        ingredients=tuple(_ingredient(_mapping(part)) for part in _list(body.get("ingredients"))),
    )


def _actions(assertions: Iterable[_Json]) -> Iterator[Action]:
    """Both `c2pa.actions` (v1) and `c2pa.actions.v2`."""
    for assertion in assertions:
        if not str(assertion.get("label", "")).startswith(_ACTIONS):
            continue
        for step in map(_mapping, _list(_mapping(assertion.get("data")).get("actions"))):
            declared = step.get("digitalSourceType")
            agent = step.get("softwareAgent")
            name = _mapping(agent).get("name") if isinstance(agent, Mapping) else agent
            yield Action(
                _name(step.get("action")),
                source_type(declared) if isinstance(declared, str) else None,
                _name(name),
            )


def _metadata_source_types(assertions: Iterable[_Json]) -> Iterator[str]:
    for assertion in assertions:
        if not str(assertion.get("label", "")).startswith(_METADATA):
            continue
        data = _mapping(assertion.get("data"))
        for value in (data.get(key) for key in _SOURCE_TYPE_KEYS):
            declared = source_type(value) if isinstance(value, str) else None
            if declared is not None:
                yield declared


def _ingredient(body: _Json) -> IngredientLink:
    manifest = body.get("active_manifest")
    return IngredientLink(_name(body.get("relationship")), manifest if isinstance(manifest, str) else None)


def _generator(body: _Json) -> str:
    infos = _list(body.get("claim_generator_info"))
    named = _mapping(infos[0]).get("name") if infos else None
    return _name(named or body.get("claim_generator"))


def _codes(results: _Json) -> ValidationCodes:
    active = _mapping(results.get("activeManifest"))
    deltas = [
        _mapping(_mapping(delta).get("validationDeltas")) for delta in _list(results.get("ingredientDeltas"))
    ]
    return ValidationCodes(
        success=_set(active.get("success")),
        informational=_set(active.get("informational")),
        failure=_set(active.get("failure")),
        ingredients=frozenset[str]().union(*(_set(delta.get("failure")) for delta in deltas)),
    )


def _set(statuses: Any) -> frozenset[str]:
    codes = (_mapping(status).get("code") for status in _list(statuses))
    return frozenset(code for code in codes if isinstance(code, str))


def _name(value: Any) -> str:
    """Short and printable: names come from the file."""
    text = value if isinstance(value, str) else ""
    return "".join(character for character in text[:_MAX_NAME] if character.isprintable())


def _mapping(value: Any) -> _Json:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
