"""What a manifest store declares about AI, its ingredients included.

Own statements follow the official asset rubric (C2PA conformance, 2026-08). Ingredients are
walked because a vendor's disclosure may sit below an edit: what was opened makes the
picture what it was, what was placed makes it an edit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.contracts.vocabulary import ProvenanceVerdict
from services.media_scanner.c2pa.manifest import Action, Manifest, ManifestStore
from services.media_scanner.source_types import TRANSFORMS_BY_AI, declared_origin

_INCEPTION = frozenset({"c2pa.created", "c2pa.opened"})
_NON_EDITORIAL = frozenset(
    {
        "c2pa.converted",
        "c2pa.published",
        "c2pa.repackaged",
        "c2pa.transcoded",
        "c2pa.resized.proportional",
        "c2pa.enhanced",
        "c2pa.edited.metadata",
        "c2pa.watermarked",
        "c2pa.watermarked.bound",
        "c2pa.watermarked.unbound",
        "c2pa.redacted",
    }
)
_PARENT = "parentOf"
_MAX_MANIFESTS = 256
_YES, _EDITED = ProvenanceVerdict.YES, ProvenanceVerdict.EDITED


@dataclass(frozen=True, slots=True)
class Disclosure:
    """AI as declared.

    Attributes:
        verdict: YES or EDITED, or None where nothing is declared.
        source_types: every source type met on the way, in its order.
        agent: the software named by the declaring action; empty where none is.
        depth: how many manifests below the active one the declaration stands.
        manifest: label of the declaring manifest; empty where nothing is declared.
    """

    verdict: ProvenanceVerdict | None
    source_types: tuple[str, ...]
    agent: str = ""
    depth: int = 0
    manifest: str = ""


def disclosure(store: ManifestStore) -> Disclosure:
    """Walk from the active manifest, each manifest once; the strongest declaration wins."""
    best = Disclosure(None, ())
    source_types: dict[str, None] = {}
    visited = {store.active}
    # A manifest reached through a placed ingredient can make the picture an edit, no more.
    queue = [(store.active, 0, True)]
    for label, depth, whole in queue:
        manifest = store.manifests[label]
        source_types.update(dict.fromkeys(_declared(manifest)))
        found, agent = _own(manifest)
        if found is not None and not whole:
            found = _EDITED
        if found is not None and (best.verdict is None or found < best.verdict):
            best = Disclosure(found, (), agent, depth, label)
        for child, is_parent in _children(manifest):
            if child in store.manifests and child not in visited and len(visited) < _MAX_MANIFESTS:
                visited.add(child)
                queue.append((child, depth + 1, whole and is_parent))
    return replace(best, source_types=tuple(source_types))


def _own(manifest: Manifest) -> tuple[ProvenanceVerdict | None, str]:
    """The strongest statement of this manifest alone, with the agent that made it."""
    statements = [(_says(action), action.agent) for action in manifest.actions]
    statements += [(declared_origin(name), manifest.generator) for name in manifest.source_types]
    declared = [(verdict, agent) for verdict, agent in statements if verdict is not None]
    return min(declared, key=lambda statement: statement[0], default=(None, ""))


def _says(action: Action) -> ProvenanceVerdict | None:
    if action.source_type is None:
        return None
    if action.action in _INCEPTION:
        return declared_origin(action.source_type)
    if action.action not in _NON_EDITORIAL and action.source_type in TRANSFORMS_BY_AI:
        return _EDITED
    return None


def _declared(manifest: Manifest) -> list[str]:
    by_action = [action.source_type for action in manifest.actions if action.source_type]
    return [*by_action, *manifest.source_types]


def _children(manifest: Manifest) -> list[tuple[str, bool]]:
    """Labels of ingredients, and whether each is what the picture was before.

    An only ingredient that nothing calls a parent is one all the same: old claims and some
    vendors leave the relationship out.
    """
    links = [link for link in manifest.ingredients if link.manifest is not None]
    only = len(links) == 1 and len(manifest.ingredients) == 1 and not links[0].relationship
    return [(link.manifest or "", only or link.relationship == _PARENT) for link in links]
