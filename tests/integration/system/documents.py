"""The project's Markdown: its snippets, the make targets it names, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
README: Final = ROOT / "README.md"

_FENCE = re.compile(
    r"^(?P<mark><!-- run -->\n)?```(?P<language>\w*)\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE
)
_SPAN = re.compile(r"`([^`\n]+)`")
_MAKE = re.compile(r"(?:^|\s)make ([a-z][a-z-]*)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A fenced block; `marked` by a comment before it to be run."""

    language: str
    code: str
    marked: bool


def documents() -> list[Path]:
    """Every Markdown file of the project."""
    folders = ("docs", "deploy", "k8s", "models", "services")
    return sorted([*ROOT.glob("*.md"), *(path for name in folders for path in (ROOT / name).rglob("*.md"))])


def snippets(document: Path) -> list[Snippet]:
    """The fenced blocks of a document, in order."""
    found = _FENCE.finditer(document.read_text(encoding="utf-8"))
    return [Snippet(each["language"], each["code"], each["mark"] is not None) for each in found]


def targets_named(document: Path) -> set[str]:
    """What a document tells its reader to `make`, in code alone: prose makes other things."""
    code = [snippet.code for snippet in snippets(document) if snippet.language == "sh"]
    spans = _SPAN.findall(_FENCE.sub("", document.read_text(encoding="utf-8")))
    return {target for text in (*code, *spans) for target in _MAKE.findall(_without_comments(text))}


def make_targets() -> set[str]:
    """The Makefile's own targets."""
    return set(_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


def dead_links(document: Path) -> Iterator[str]:
    """Relative links whose file, folder or heading is not there."""
    for link in _LINK.findall(_FENCE.sub("", document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            yield link


def _anchors(document: Path) -> set[str]:
    """Headings as their anchors: lower case, without punctuation, dashes for spaces."""
    headings = _HEADING.findall(_FENCE.sub("", document.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _without_comments(code: str) -> str:
    return re.sub(r"\s#.*", "", code)
