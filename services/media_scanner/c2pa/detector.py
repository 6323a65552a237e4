"""The `c2pa` detector: Content Credentials, with trust and disclosure kept apart."""

from __future__ import annotations

from services.chassis.signals import AbsentSignal, JsonValue, Signal
from services.contracts.vocabulary import AbsenceCause, ProvenanceVerdict, PValueKind
from services.media_scanner.c2pa.axes import axes
from services.media_scanner.c2pa.disclosure import Disclosure, disclosure
from services.media_scanner.c2pa.manifest import (
    ManifestError,
    ManifestSource,
    ManifestStore,
    UnsupportedMediaError,
)
from services.media_scanner.c2pa.vendors import tool_of
from services.media_scanner.item import MediaItem
from services.media_scanner.policy import CONTRADICTED

_MAX_LISTED = 20


class C2paDetector:
    """Says what a file's manifest declares; `version` is the SDK's and the trust list's."""

    name = "c2pa"

    def __init__(self, source: ManifestSource, *, version: str) -> None:
        self._source = source
        self.version = version

    async def scan(self, item: MediaItem) -> Signal | AbsentSignal:
        """A declaration counts whether or not its signer is trusted; the evidence tells."""
        if item.media_type is None:
            return AbsentSignal(self.name, AbsenceCause.UNSUPPORTED, "unknown kind of file")
        try:
            store = await self._source.read(item.content, item.media_type)
        except UnsupportedMediaError as error:
            return AbsentSignal(self.name, AbsenceCause.UNSUPPORTED, error.message)
        except ManifestError as error:
            return AbsentSignal(self.name, AbsenceCause.FAILED, f"{error.code}: {error.message}")
        if store is None:
            return self._signal(ProvenanceVerdict.NO_EVIDENCE, {"manifest": False})
        declared = disclosure(store)
        return self._signal(declared.verdict or ProvenanceVerdict.NO_EVIDENCE, evidence(store, declared))

    def _signal(self, verdict: ProvenanceVerdict, found: dict[str, JsonValue]) -> Signal:
        return Signal(self.name, self.version, verdict=verdict, p_kind=PValueKind.DECLARED, evidence=found)


def evidence(store: ManifestStore, declared: Disclosure) -> dict[str, JsonValue]:
    """Axes, the SDK's state, who signed and what was declared; no titles, no prompts."""
    found = axes(store.codes)
    active = store.manifests[store.active]
    return {
        "manifest": True,
        "tool": tool_of(store.manifests[declared.manifest], declared.agent) if declared.manifest else None,
        "validation_state": store.state,
        "binding": found.binding.value,
        "signature": found.signature.value,
        "trust": found.trust.value,
        "time": found.time.value,
        CONTRADICTED: found.contradicted,
        "failures": _listed(store.codes.failure),
        "ingredient_failures": _listed(store.codes.ingredients),
        "claim_generator": active.generator,
        "issuer": active.issuer,
        "agent": declared.agent,
        "source_types": list(declared.source_types[:_MAX_LISTED]),
        "depth": declared.depth,
        "manifests": len(store.manifests),
    }


def _listed(codes: frozenset[str]) -> list[JsonValue]:
    return list(sorted(codes)[:_MAX_LISTED])
