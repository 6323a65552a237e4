"""Ordinary French: the examples of LanguageTool's rules, mistakes of writing included.

https://languagetool.org, LGPL-2.1-or-later; from its Java archive of French on Maven.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Final
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from services.prompt_filter.training import prose
from services.prompt_filter.training.corpus import Example
from services.prompt_filter.training.prose import Harmful, ProseNotFoundError

ARCHIVE: Final = "org.languagetool:language-fr:6.4"
"""Maven coordinates."""

SOURCE: Final = "languagetool"
LANGUAGE: Final = "fr"

SHA256: Final = "7e91a9943ca0f7222a84720e9987141912f45e4bf4d5e6dcf0f4d20bc896a3a4"
"""Of the archive's files that are read, one after the other."""

_FILES: Final = tuple(f"org/languagetool/rules/fr/{name}.xml" for name in ("grammar", "style"))
_IN_A_PASSAGE: Final = (2, 8)


def ordinary_french(
    archive: Path, harmful: Harmful, sentences: int, passages: int, random: Random
) -> Iterator[Example]:
    """Harmless sentences, and passages of them; whatever `harmful` says of a canonical text is left out.

    Raises ProseNotFoundError.
    """
    texts = [text for text in read_examples(archive) if prose.usable(text, harmful)]
    yield from prose.sentences(texts, sentences, SOURCE, random)
    yield from prose.passages(texts, passages, _IN_A_PASSAGE, SOURCE, random, between=" ")


def read_examples(archive: Path) -> Sequence[str]:
    """Each once, in the order of the rules: neighbours are akin."""
    found = (
        " ".join("".join(example.itertext()).split())
        for content in _contents(archive)
        for example in ET.fromstring(content).iter("example")  # noqa: S314 - a pinned file
    )
    return list(dict.fromkeys(found))


def _contents(archive: Path) -> Sequence[bytes]:
    try:
        with ZipFile(archive) as opened:
            contents = [opened.read(name) for name in _FILES]
    except (OSError, BadZipFile, KeyError) as error:
        raise ProseNotFoundError(f"{archive} is not {ARCHIVE}: {error}") from error
    if (found := hashlib.sha256(b"".join(contents)).hexdigest()) != SHA256:
        raise ProseNotFoundError(f"{archive}: its rules have sha256 {found}, expected {SHA256}")
    return contents
