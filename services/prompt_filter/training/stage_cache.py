"""Keeps the results of slow stages, so that a broken run resumes where it stopped."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from services.prompt_filter.training.corpus import Corpus

Result = TypeVar("Result")


def cached(
    folder: Path | None, stage: str, corpus: Corpus, settings: object, run: Callable[[], Result]
) -> Result:
    """What `run` returned for the same data and settings before, or what it returns now.

    The folder is the trainer's own: pickles are only read back from where they were written.
    """
    if folder is None:
        return run()
    path = folder / f"{stage}-{_key(corpus, settings)}.pickle"
    if path.is_file():
        return cast("Result", pickle.loads(path.read_bytes()))  # noqa: S301 - our own file
    result = run()
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(result))
    return result


def _key(corpus: Corpus, settings: object) -> str:
    digest = hashlib.sha256(repr(settings).encode())
    digest.update("\n".join(corpus.texts).encode("utf-8", "replace"))
    digest.update(corpus.targets.tobytes())
    return digest.hexdigest()[:16]
