"""What can go wrong while a prompt model is loaded."""

from __future__ import annotations

from pathlib import Path

from services.chassis.errors import SettingsError


class ModelError(SettingsError):
    """The model cannot be used; the service must not start with it."""

    code = "MODEL"


class ModelIntegrityError(ModelError):
    """A file of the model is missing or is not the one its manifest names."""

    def __init__(self, path: Path, expected: str, found: str) -> None:
        super().__init__(f"{path}: expected sha256 {expected}, found {found}")
        self.path = path
        self.expected = expected
        self.found = found


class ManifestError(ModelError):
    """The manifest is missing, malformed or describes a model this code cannot run."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
