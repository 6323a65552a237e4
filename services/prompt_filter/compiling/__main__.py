"""Compiles the shipped lexicon from the source lists: grades, roles, guards. Prints counts only.

    python -m services.prompt_filter.compiling --data DATA --dictionary WORDS --confusables JSON \
        --packages PACKAGES --rare WORDS

Sources and licences: `data/README.md`. Grades come from the sources' own grades; a term
that stands in ordinary captions is demoted, since alone it says nothing.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from services.prompt_filter.compiling import common_words, language_words, source_texts
from services.prompt_filter.compiling.demotion import (
    demote,
    demote_common,
    demote_everyday,
    drop_minors,
    everyday,
)
from services.prompt_filter.compiling.ordinary_abroad import MistakenAbroad
from services.prompt_filter.compiling.package_grades import graded_packages
from services.prompt_filter.compiling.rare_words import mistaken, rare_words
from services.prompt_filter.compiling.rows import DATA, LANGUAGES, RANK, Row, Rows, read_csv
from services.prompt_filter.compiling.word_frequencies import Frequencies
from services.prompt_filter.lexicon import COLUMNS, Grade, Lexicon, Role, read_lists
from services.prompt_filter.matching.automaton import unbounded
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.language import ENGLISH

# Nearly one in a million words.
_COMMON = 2.9
_WORD = re.compile(r"[^\W_]+")
_SIGN = re.compile(r"[^\w\s'’\-.]")
# Armenian keh is drawn like an f to the table and like a p to people; matching/disguise.py tries both.
_READ_IN_TWO_WAYS = frozenset({0x0584})
_LOOK_ALIKE_RANGES = (
    (0x00A1, 0x058F), (0x13A0, 0x13FF), (0x1D00, 0x1DBF), (0x1E00, 0x1FFF), (0x2100, 0x214F),
    (0x2C60, 0x2DFF), (0xA4D0, 0xA4FF), (0xA640, 0xA7FF), (0xAB30, 0xABBF), (0x10280, 0x1056F),
)  # fmt: skip


def main() -> None:
    """Write `lexicon/*.tsv`, `*.txt`, `fold/look_alikes.tsv` and what is taken from word frequencies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the source lists")
    parser.add_argument("--dictionary", type=Path, required=True, nargs="+", help="SCOWL word lists")
    parser.add_argument("--rare", type=Path, nargs="*", default=[], help="lists of rare words and of names")
    parser.add_argument("--packages", type=Path, required=True, help="archives of npm and PyPI packages")
    parser.add_argument("--confusables", type=Path, required=True, help="UTS 39 table as JSON")
    arguments = parser.parse_args()
    _write_look_alikes(arguments.confusables)
    fold = CharacterFold.load(DATA / "fold")
    ordinary = set(_ordinary_words(arguments.dictionary))
    rows = _merged(_graded(arguments.data, arguments.packages, fold), fold)
    _inflect(rows, ordinary)
    drop_minors(rows, fold)
    frequencies = Frequencies.load(arguments.packages, fold)
    demoted = demote(rows, arguments.data, fold, ordinary) + demote_common(rows, frequencies)
    demoted += demote_everyday(rows, everyday(fold), frequencies)
    _write_lexicon(rows)
    allowed = {canonicalise(term, fold).text for term in _allowed(arguments.data)} - {
        term for _, term in rows
    }
    (DATA / "allowed.txt").write_text("\n".join(sorted(allowed)) + "\n", encoding="utf-8")
    # What other languages list is a word of English all the same, where it is common.
    listed = {term for where, term in rows if where == ENGLISH or frequencies.zipf(term, ENGLISH) < _COMMON}
    dictionary = _dictionary(ordinary, arguments.data, listed)
    lexicon = _written(allowed, dictionary)
    dictionary |= mistaken(set(rare_words(arguments.rare)) - dictionary, lexicon, fold)
    abroad = MistakenAbroad(_written(allowed, dictionary), fold, frequencies).words(arguments.packages)
    _write_words(DATA / "ordinary_abroad.tsv", abroad)
    words = language_words.language_words(arguments.packages, fold, DATA / "languages.tsv")
    language_words.write(DATA / "language_words.tsv", words)
    common_words.write(DATA / "common_words.tsv", common_words.common_words(arguments.packages, fold))
    packed = gzip.compress("\n".join(sorted(dictionary)).encode(), mtime=0)
    (DATA / "dictionary.txt.gz").write_bytes(packed)
    grades = Counter(grade.value for _, grade, _ in rows.values())
    print(f"{len(rows)} terms, {dict(grades)}, {demoted} demoted")
    print(f"{len(allowed)} allowed, {len(dictionary)} words")


Graded = tuple[str, str, Role, Grade, str]
"""Language, term, role, grade, source."""


def _graded(data: Path, packages: Path, fold: CharacterFold) -> Iterator[Graded]:
    """Every source row worth listing."""
    for language, term, grade, source in graded_packages(packages, fold):
        if language in LANGUAGES:
            yield language, term, Role.SEXUAL, grade, source
    yield from _surge(data / "more" / "surge_profanity_lexicon.csv")
    yield from _rustrict(data / "lexicons" / "rustrict_words.csv")
    for row in read_csv(data / "more" / "civitai_lexicon.csv"):
        if "benign" not in json.loads(row["labels"]):
            yield "en", row["text"], Role.SEXUAL, Grade.SUGGESTIVE, "civitai"
    for path in sorted((data / "lexicons" / "ldnoobw").glob("*.txt")):
        language = "tl" if path.stem == "fil" else path.stem
        for term in path.read_text(encoding="utf-8").splitlines():
            yield language, term, Role.SEXUAL, Grade.VULGAR, "ldnoobw"


def _surge(path: Path) -> Iterator[Graded]:
    for row in read_csv(path):
        labels = json.loads(row["labels"])
        severity, sexual = float(labels["severity"]), bool(int(labels["sexual"]))
        if sexual:
            grade = Grade.EXPLICIT if severity >= 2.0 else Grade.VULGAR
        else:
            grade = Grade.PROFANE if severity >= 1.6 else Grade.MILD
        yield "en", row["text"], Role.SEXUAL, grade, "surge-ai"


def _rustrict(path: Path) -> Iterator[Graded]:
    for row in read_csv(path):
        if int(row["sexual"]) >= 2:
            yield "en", row["word"], Role.SEXUAL, Grade.EXPLICIT, "rustrict"
        elif max(int(row["profane"]), int(row["offensive"])) >= 2:
            grade = Grade.VULGAR if int(row["sexual"]) else Grade.PROFANE
            yield "en", row["word"], Role.SEXUAL, grade, "rustrict"


def _merged(graded: Iterable[Graded], fold: CharacterFold) -> Rows:
    """One row a language and folded term, the gravest grade winning."""
    rows: Rows = {}
    for language, term, role, grade, source in graded:
        folded = " ".join(canonicalise(term, fold).text.split())
        folded = folded if unbounded(folded) else " ".join(_WORD.findall(folded))
        if (
            (_SIGN.search(term) and language == "en")
            or len(folded) < 2
            or (folded.isascii() and len(folded.replace(" ", "")) < 3)
        ):
            continue
        if " " in folded and folded.isascii() and max(map(len, folded.split())) < 3:
            continue
        known = rows.get((language, folded))
        rows[language, folded] = _together(known, (role, grade, source)) if known else (role, grade, source)
    return rows


def _together(one: Row, other: Row) -> Row:
    """The graver of two rows with the sources of both; coarse to some and sexual to others is vulgar."""
    role, grade, _ = max(one, other, key=lambda row: RANK[row[1]])
    if {one[1], other[1]} == {Grade.PROFANE, Grade.SUGGESTIVE}:
        grade = Grade.VULGAR
    sources = dict.fromkeys((*one[2].split("+"), *other[2].split("+")))
    return role, grade, "+".join(sources)


def _inflect(rows: Rows, ordinary: set[str]) -> None:
    """Ordinary inflections of listed English words are listed too, under the same grade."""
    for (language, term), row in list(rows.items()):
        if language == "en" and term.isascii() and term.isalpha() and len(term) >= 4:
            stem = term.removesuffix("e")
            for form in {term + suffix for suffix in ("s", "es", "ed", "er", "ers", "y")} | {
                base + suffix
                for base in (stem, term + term[-1])
                for suffix in ("ing", "ings", "ed", "er", "ers")
            }:
                if form in ordinary:
                    rows.setdefault(("en", form), row)


def _allowed(data: Path) -> Iterator[str]:
    for row in read_csv(data / "more" / "civitai_lexicon.csv"):
        if "benign" in json.loads(row["labels"]):
            yield row["text"]


def _ordinary_words(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            word = line.removesuffix("'s").lower()
            if word.isascii() and word.isalpha():
                yield word


def _dictionary(ordinary: set[str], data: Path, listed: set[str]) -> set[str]:
    """Words that are never misspellings of listed ones: SCOWL, and what captions and fragments use.

    Of the shortest words only those of captions: abbreviations are what broken words are made of.
    """
    spoken = _vocabulary(source_texts.captions(data))
    written = _vocabulary(source_texts.fragments(data))
    frequent = {word for word in spoken.keys() | written.keys() if spoken[word] + written[word] >= 3}
    words = {
        word for word in ordinary | frequent if len(word) > 3 or spoken[word] >= 3 or written[word] >= 40
    }
    return words - listed


def _vocabulary(texts: Iterable[str]) -> Counter[str]:
    """In how many texts each plain word stands."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word for word in set(_WORD.findall(text.lower())) if word.isascii() and word.isalpha())
    return counts


def _write_lexicon(rows: Rows) -> None:
    for path in (DATA / "lexicon").glob("*.tsv"):
        path.unlink()
    for language in sorted({language for language, _ in rows}):
        path = DATA / "lexicon" / f"{language}.tsv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t", lineterminator="\n")
            writer.writerow(COLUMNS)
            for (where, term), (role, grade, source) in sorted(rows.items()):
                if where == language:
                    writer.writerow([term, role.value, grade.value, source])


def _written(allowed: set[str], dictionary: set[str]) -> Lexicon:
    """The lexicon as it was just written, with what is still to be."""
    return Lexicon(read_lists(DATA), frozenset(allowed), frozenset(dictionary))


def _write_words(path: Path, words: Mapping[str, Sequence[str]]) -> None:
    lines = [f"{language}\t{' '.join(its)}\n" for language, its in words.items()]
    path.write_text("".join(lines), encoding="utf-8")


def _write_look_alikes(confusables: Path) -> None:
    table = json.loads(confusables.read_text(encoding="utf-8"))
    lines = ["# Unicode Technical Standard 39 confusables, single letters towards ASCII. Unicode licence v3."]
    for character, others in sorted(table.items()):
        point = ord(character) if len(character) == 1 else 0
        if point not in _READ_IN_TWO_WAYS and any(low <= point <= high for low, high in _LOOK_ALIKE_RANGES):
            letters = [
                other["c"].lower() for other in others if len(other["c"]) == 1 and other["c"].isascii()
            ]
            if letters and letters[0].isalpha():
                lines.append(f"{point:04X}\t{letters[0]}")
    # Negative circled and squared letters have no decomposition in Unicode.
    for first in (0x1F150, 0x1F170):
        lines += [f"{first + number:04X}\t{chr(ord('a') + number)}" for number in range(26)]
    (DATA / "fold" / "look_alikes.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
