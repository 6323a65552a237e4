"""Axes and disclosure on reports written by hand: cases that cannot be signed on the spot."""

from __future__ import annotations

import json

import pytest

from services.contracts.vocabulary import ProvenanceVerdict
from services.media_scanner.c2pa.axes import Binding, Signature, Time, Trust, axes
from services.media_scanner.c2pa.disclosure import disclosure
from services.media_scanner.c2pa.manifest import (
    Action,
    IngredientLink,
    Manifest,
    ManifestError,
    ManifestStore,
    ValidationCodes,
)
from services.media_scanner.c2pa.parse import parse_store
from services.media_scanner.c2pa.vendors import tool_of

YES, EDITED = ProvenanceVerdict.YES, ProvenanceVerdict.EDITED
INTACT = frozenset({"assertion.dataHash.match", "claimSignature.validated"})
MADE = Action("c2pa.created", "trainedAlgorithmicMedia", "a model")


def store(*manifests: Manifest) -> ManifestStore:
    return ManifestStore(
        manifests[0].label, {manifest.label: manifest for manifest in manifests}, "Valid", ValidationCodes()
    )


def link(label: str, relationship: str = "parentOf") -> tuple[IngredientLink, ...]:
    return (IngredientLink(relationship, label),)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (
            ValidationCodes(INTACT | {"signingCredential.trusted", "timeStamp.trusted"}),
            (Binding.INTACT, Signature.VALID, Trust.TRUSTED, Time.TIMESTAMPED),
        ),
        (
            ValidationCodes(INTACT, failure=frozenset({"signingCredential.expired"})),
            (Binding.INTACT, Signature.VALID, Trust.UNKNOWN, Time.OUTSIDE_VALIDITY),
        ),
        (
            ValidationCodes(INTACT, failure=frozenset({"signingCredential.invalid"})),
            (Binding.INTACT, Signature.VALID, Trust.INVALID, Time.UNKNOWN),
        ),
        (
            ValidationCodes(INTACT, failure=frozenset({"signingCredential.ocsp.revoked"})),
            (Binding.INTACT, Signature.VALID, Trust.REVOKED, Time.UNKNOWN),
        ),
        (
            ValidationCodes(failure=frozenset({"assertion.bmffHash.mismatch", "claimSignature.mismatch"})),
            (Binding.MISMATCH, Signature.INVALID, Trust.UNKNOWN, Time.UNKNOWN),
        ),
        (ValidationCodes(), (Binding.UNKNOWN, Signature.UNKNOWN, Trust.UNKNOWN, Time.UNKNOWN)),
    ],
)
def test_axes(codes: ValidationCodes, expected: tuple[object, ...]) -> None:
    found = axes(codes)
    assert (found.binding, found.signature, found.trust, found.time) == expected


def test_a_disclosure_two_manifests_down_is_the_pictures_own() -> None:
    found = disclosure(
        store(
            Manifest("top", actions=(Action("c2pa.opened", "composite"),), ingredients=link("middle")),
            Manifest("middle", actions=(Action("c2pa.converted"),), ingredients=link("bottom")),
            Manifest("bottom", actions=(MADE,)),
        )
    )
    assert (found.verdict, found.depth, found.agent) == (YES, 2, "a model")
    assert found.source_types == ("composite", "trainedAlgorithmicMedia")


def test_what_was_placed_makes_an_edit_however_deep() -> None:
    found = disclosure(
        store(
            Manifest("top", ingredients=link("placed", "componentOf")),
            Manifest("placed", ingredients=link("below")),
            Manifest("below", actions=(MADE,)),
        )
    )
    assert found.verdict is EDITED


def test_cycles_and_missing_manifests_end() -> None:
    found = disclosure(
        store(
            Manifest("a", ingredients=(*link("b"), *link("nowhere"))),
            Manifest("b", actions=(MADE,), ingredients=link("a")),
        )
    )
    assert found.verdict is YES


@pytest.mark.parametrize(
    ("action", "source_type", "verdict"),
    [
        ("c2pa.edited", "compositeWithTrainedAlgorithmicMedia", EDITED),
        ("c2pa.edited", "trainedAlgorithmicMedia", EDITED),
        ("c2pa.placed", "trainedAlgorithmicData", EDITED),
        ("c2pa.edited", "digitalArt", None),
        ("c2pa.converted", "trainedAlgorithmicMedia", None),
        ("c2pa.watermarked.unbound", "trainedAlgorithmicMedia", None),
        ("c2pa.opened", "trainedAlgorithmicMedia", YES),
    ],
)
def test_single_actions(action: str, source_type: str, verdict: ProvenanceVerdict | None) -> None:
    assert disclosure(store(Manifest("m", actions=(Action(action, source_type),)))).verdict is verdict


def test_old_reports_and_metadata_assertions_are_read() -> None:
    prefix = "http://cv.iptc.org/newscodes/digitalsourcetype/"
    report = {
        "active_manifest": "m",
        "validation_state": "Invalid",
        "manifests": {
            "m": {
                "claim_generator": "Old Tool/1.0",
                "assertions": [
                    {
                        "label": "c2pa.actions",
                        "data": {"actions": [{"action": "c2pa.created", "softwareAgent": "Old"}]},
                    },
                    {
                        "label": "stds.iptc.photo-metadata",
                        "data": {"Iptc4xmpExt:DigitalSourceType": prefix + "trainedAlgorithmicMedia"},
                    },
                ],
            }
        },
        "validation_results": {
            "activeManifest": {"failure": [{"code": "signingCredential.expired"}]},
            "ingredientDeltas": [
                {"validationDeltas": {"failure": [{"code": "assertion.dataHash.mismatch"}]}}
            ],
        },
    }
    parsed = parse_store(json.dumps(report))
    assert parsed.manifests["m"].generator == "Old Tool/1.0"
    assert parsed.manifests["m"].actions == (Action("c2pa.created", None, "Old"),)
    assert parsed.codes.ingredients == {"assertion.dataHash.mismatch"}
    assert disclosure(parsed).verdict is YES


@pytest.mark.parametrize(
    "report",
    [{}, {"active_manifest": "x"}, {"active_manifest": "x", "manifests": {"y": {}}}, {"manifests": []}],
)
def test_reports_without_an_active_manifest_are_errors(report: object) -> None:
    with pytest.raises(ManifestError):
        parse_store(json.dumps(report))


def test_odd_shapes_are_left_out() -> None:
    report = {
        "active_manifest": "m",
        "manifests": {
            "m": {"assertions": [1, {"label": "c2pa.actions", "data": {"actions": "x"}}], "ingredients": {}}
        },
    }
    assert parse_store(json.dumps(report)).manifests["m"] == Manifest("m")


@pytest.mark.parametrize(
    ("manifest", "agent", "tool"),
    [
        (Manifest("m", generator="Adobe_Firefly", issuer="Adobe Inc."), "Adobe Firefly", "Adobe Firefly"),
        (Manifest("m", generator="OpenAI Media Service API"), "gpt-image", "OpenAI ChatGPT"),
        (Manifest("m", generator="Google C2PA Core Generator Library", issuer="Google LLC"), "", "Google AI"),
        (Manifest("m", issuer="Black Forest Labs Inc."), "Flux.2", "Black Forest Labs"),
        (
            Manifest("m", generator="Galaxy", issuer="Samsung Electronics"),
            "Photo assist",
            "Samsung Galaxy AI",
        ),
        (Manifest("m", generator="Some Camera", issuer="Somebody"), "", None),
    ],
)
def test_tools_by_the_names_in_their_manifests(manifest: Manifest, agent: str, tool: str | None) -> None:
    assert tool_of(manifest, agent) == tool
