"""Brings the files of a Hugging Face export into reach, and checks that they are the pinned ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from huggingface_hub import hf_hub_download
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, LocalEntryNotFoundError
from huggingface_hub.utils.tqdm import tqdm

from services.prompt_filter.adapters.hugging_face_settings import HuggingFaceSettings
from services.prompt_filter.classifier.errors import ModelError, ModelIntegrityError


class HubUnavailableError(ModelError):
    """A file is neither in the cache nor to be had from the hub."""

    def __init__(self, repository: str, file: str, reason: str) -> None:
        super().__init__(f"{repository}: {file}: {reason}")
        self.repository = repository
        self.file = file


class _NoBar(tqdm):
    """The library draws progress bars; a service writes logs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "disable": True})  # type: ignore[no-untyped-call]


def fetch(settings: HuggingFaceSettings) -> Mapping[str, Path]:
    """Path of each file, verified. HubUnavailableError or ModelIntegrityError.

    An interrupted download is taken up again where it broke off. A file that fails its check is
    taken out of the cache, so that the next start asks for it anew.
    """
    found = {name: _locate(settings, name) for name in settings.files}
    for name, path in found.items():
        _verify(path, settings.sha256.get(name), cached=settings.path is None)
    return found


def digest(path: Path) -> str:
    """SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _locate(settings: HuggingFaceSettings, name: str) -> Path:
    if settings.path is not None:
        return settings.path / name
    try:
        return Path(
            hf_hub_download(
                settings.repository,
                name,
                revision=settings.revision,
                cache_dir=settings.cache,
                endpoint=settings.endpoint or None,
                local_files_only=settings.offline,
                # What is public needs no credentials of whoever runs this.
                token=False,
                tqdm_class=_NoBar,
            )
        )
    except LocalEntryNotFoundError as error:
        reason = "not in the cache" if settings.offline else "not in the cache, and the hub does not answer"
        raise HubUnavailableError(settings.repository, name, reason) from error
    except EntryNotFoundError as error:
        raise HubUnavailableError(settings.repository, name, "not in this revision") from error
    except (HfHubHTTPError, httpx.HTTPError, OSError) as error:
        raise HubUnavailableError(settings.repository, name, type(error).__name__) from error


def _verify(path: Path, expected: str | None, *, cached: bool) -> None:
    if not path.is_file():
        raise ModelIntegrityError(path, expected or "a file", "nothing")
    if expected is None:
        return
    found = digest(path)
    if found != expected:
        if cached:
            path.resolve().unlink(missing_ok=True)
            path.unlink(missing_ok=True)
        raise ModelIntegrityError(path, expected, found)
