"""Manifests as plain values, and the port they are read through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from services.chassis.errors import PalisadeError


class ManifestError(PalisadeError):
    """The file has or may have a manifest that could not be read; `code` says why."""

    code = "MANIFEST_UNREADABLE"


class RemoteManifestError(ManifestError):
    """The file only names an address where its manifest lies. It is never fetched."""

    code = "REMOTE_REFERENCE"


class UnsupportedMediaError(ManifestError):
    """The SDK reads no manifests from this kind of file."""

    code = "UNSUPPORTED_MEDIA"


@dataclass(frozen=True, slots=True)
class Action:
    """One step of a picture's making. `source_type` is the vocabulary's name, or None."""

    action: str
    source_type: str | None = None
    agent: str = ""


@dataclass(frozen=True, slots=True)
class IngredientLink:
    """What went in. `manifest` is the label of its own manifest where it brought one."""

    relationship: str
    manifest: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One claim. `source_types` are those declared outside of actions, in metadata assertions."""

    label: str
    generator: str = ""
    issuer: str = ""
    actions: tuple[Action, ...] = ()
    source_types: tuple[str, ...] = ()
    ingredients: tuple[IngredientLink, ...] = ()


@dataclass(frozen=True, slots=True)
class ValidationCodes:
    """Status codes of the specification, as the SDK gave them for the active manifest."""

    success: frozenset[str] = frozenset()
    informational: frozenset[str] = frozenset()
    failure: frozenset[str] = frozenset()
    # Failures of ingredients, wherever in the graph.
    ingredients: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ManifestStore:
    """All manifests of a file. `state` is the SDK's own word: Invalid, Valid or Trusted."""

    active: str
    manifests: Mapping[str, Manifest]
    state: str
    codes: ValidationCodes


class ManifestSource(Protocol):
    """Reads and validates manifests, somewhere it cannot harm this process."""

    async def read(self, content: bytes, media_type: str) -> ManifestStore | None:
        """The store, None where the file has none; ManifestError or OverloadedError otherwise."""
