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
from collections.abc import Iterable, Iterator
from pathlib import Path

from services.prompt_filter.compiling.package_grades import graded_packages
from services.prompt_filter.compiling.rare_words import mistaken, rare_words
from services.prompt_filter.compiling.word_frequencies import Frequencies
from services.prompt_filter.lexicon import COLUMNS, Grade, Role
from services.prompt_filter.matching.automaton import unbounded
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.fold import CharacterFold

DATA = Path(__file__).parents[1] / "data"
# Words that people use of themselves say nothing alone, whatever the lists say.
_IDENTITIES = frozenset(
    (
        "gay gays lesbian lesbians lesbo bisexual bisexuals transgender transsexual trans queer "
        "queers homosexual homosexuals heterosexual asexual pansexual intersex nonbinary "
        "hermaphrodite jew jews jewish muslim muslims islam arab arabs christian catholic hindu "
        "buddhist atheist black asian african latina latino mexican chinese japanese korean "
        "vietnamese indian gypsy roma disabled autistic blind deaf wheelchair "
    ).split()
)
_RANK = {grade: rank for rank, grade in enumerate(reversed(Grade))}
Row = tuple[Role, Grade, str]
Rows = dict[tuple[str, str], Row]
LANGUAGES = frozenset("en es zh tl vi ar fr ko ru de hi pt it pl nl ja".split())
"""Languages whose lists of packages are taken in."""
_LABELLED = {Grade.VULGAR: Grade.SUGGESTIVE, Grade.PROFANE: Grade.MILD}
# One of a million words.
_COMMON = 3.0
_WORD = re.compile(r"[^\W_]+")
_SIGN = re.compile(r"[^\w\s'’\-.]")
# Armenian keh is drawn like an f to the table and like a p to people; matching/disguise.py tries both.
_READ_IN_TWO_WAYS = frozenset({0x0584})
_LOOK_ALIKE_RANGES = (
    (0x00A1, 0x058F), (0x13A0, 0x13FF), (0x1D00, 0x1DBF), (0x1E00, 0x1FFF), (0x2100, 0x214F),
    (0x2C60, 0x2DFF), (0xA4D0, 0xA4FF), (0xA640, 0xA7FF), (0xAB30, 0xABBF), (0x10280, 0x1056F),
)  # fmt: skip


def main() -> None:
    """Write `lexicon/*.tsv`, `allowed.txt`, `dictionary.txt.gz` and `fold/look_alikes.tsv`."""
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
    demoted = _demote(rows, arguments.data, fold, ordinary)
    demoted += demote_common(rows, Frequencies.load(arguments.packages, fold))
    _write_lexicon(rows)
    allowed = {canonicalise(term, fold).text for term in _allowed(arguments.data)} - {
        term for _, term in rows
    }
    (DATA / "allowed.txt").write_text("\n".join(sorted(allowed)) + "\n", encoding="utf-8")
    dictionary = _dictionary(ordinary, arguments.data, {term for _, term in rows})
    dictionary |= mistaken(set(rare_words(arguments.rare)) - dictionary, DATA, fold, allowed, dictionary)
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
    for row in _rows(data / "more" / "civitai_lexicon.csv"):
        if "benign" not in json.loads(row["labels"]):
            yield "en", row["text"], Role.SEXUAL, Grade.SUGGESTIVE, "civitai"
    for path in sorted((data / "lexicons" / "ldnoobw").glob("*.txt")):
        language = "tl" if path.stem == "fil" else path.stem
        for term in path.read_text(encoding="utf-8").splitlines():
            yield language, term, Role.SEXUAL, Grade.VULGAR, "ldnoobw"


def _surge(path: Path) -> Iterator[Graded]:
    for row in _rows(path):
        labels = json.loads(row["labels"])
        severity, sexual = float(labels["severity"]), bool(int(labels["sexual"]))
        if sexual:
            grade = Grade.EXPLICIT if severity >= 2.0 else Grade.VULGAR
        else:
            grade = Grade.PROFANE if severity >= 1.6 else Grade.MILD
        yield "en", row["text"], Role.SEXUAL, grade, "surge-ai"


def _rustrict(path: Path) -> Iterator[Graded]:
    for row in _rows(path):
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
    role, grade, _ = max(one, other, key=lambda row: _RANK[row[1]])
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


def _demote(rows: Rows, data: Path, fold: CharacterFold, ordinary: set[str]) -> int:
    """Terms of ordinary captions become ambiguous, foreign terms that are English words homographs."""
    terms = {term for _, term in rows}
    captions = _counts(_captions(data), fold, terms)
    fragments = _counts(_fragments(data), fold, terms)
    other_harm = _counts(_without_sexual_content(data), fold, terms)
    user_prompts = _counts(_user_prompts(data), fold, terms)
    english = {term for language, term in rows if language == "en"}
    own, twins = _suggestive_by_hand(), _counts(_harmless_twins(data), fold, terms)
    count = 0
    for (language, term), (role, grade, source) in list(rows.items()):
        foreign_word = language != "en" and term.isascii() and (term in ordinary or term in english)
        if (
            captions[term] >= (2 if grade is Grade.EXPLICIT else 1)
            or other_harm[term] >= 2
            or fragments[term] >= 8
            or term in _IDENTITIES
            or (len(term) < 3 and term.isascii())
        ):
            lowered = Grade.AMBIGUOUS
        elif foreign_word or (
            language != "en"
            and term.isascii()
            and "ldnoobw" not in source
            and captions[term] + fragments[term] + user_prompts[term]
        ):
            lowered = Grade.HOMOGRAPH
        elif language == "en" and term in own and (twins[term] >= 2 or user_prompts[term] >= 3):
            lowered = Grade.SUGGESTIVE
        else:
            mild = Grade.MILD if grade in (Grade.PROFANE, Grade.MILD) else Grade.SUGGESTIVE
            lowered = mild if user_prompts[term] >= 12 else grade
        if _RANK[lowered] < _RANK[grade]:
            rows[language, term] = (role, lowered, source)
            count += 1
    return count


def demote_common(rows: Rows, frequencies: Frequencies) -> int:
    """Common English words that one list alone holds for coarse are worth a label, no more."""
    count = 0
    for (language, term), (role, grade, source) in list(rows.items()):
        lowered = _LABELLED.get(grade)
        alone = language == "en" and term.isalpha() and "+" not in source
        if lowered and alone and frequencies.zipf(term, language) >= _COMMON:
            rows[language, term] = (role, lowered, source)
            count += 1
    return count


def _suggestive_by_hand() -> frozenset[str]:
    """Terms that this project's own list calls suggestive; others' lists call some of them explicit."""
    rows = csv.DictReader((DATA / "indicators" / "en.tsv").open(encoding="utf-8"), delimiter="\t")
    return frozenset(row["term"] for row in rows if row["grade"] == Grade.SUGGESTIVE)


def _counts(texts: Iterable[str], fold: CharacterFold, terms: set[str]) -> Counter[str]:
    """How often each term stands in these texts."""
    counts: Counter[str] = Counter()
    longest = max(term.count(" ") for term in terms) + 1
    for text in texts:
        words = _WORD.findall(canonicalise(text, fold).text)
        for size in range(1, longest + 1):
            for at in range(len(words) - size + 1):
                phrase = " ".join(words[at : at + size])
                if phrase in terms:
                    counts[phrase] += 1
    return counts


def _captions(data: Path) -> Iterator[str]:
    for name in ("coco_captions_even_half.csv", "art_prompts.csv", "more/partiprompts.csv"):
        yield from (row["text"] for row in _rows(data / name))


def _fragments(data: Path) -> Iterator[str]:
    for name in ("more/clip_flavors_fragments.csv", "more/wildcard_fragments.csv"):
        yield from (row["text"] for row in _rows(data / name))


def _without_sexual_content(data: Path) -> Iterator[str]:
    """Texts that are harmful in other ways, and the harmless twins of harmful ones."""
    for name in ("more/ailuminate.csv", "more/overt.csv"):
        for row in _rows(data / name):
            labels = json.loads(row["labels"])
            if "sexual" not in labels and labels.get("near") != "sexual_content":
                yield row["text"]


def _harmless_twins(data: Path) -> Iterator[str]:
    """Prompts that are near to harm and harmless."""
    for row in _rows(data / "more" / "overt.csv"):
        if "benign" in json.loads(row["labels"]):
            yield row["text"]


def _user_prompts(data: Path) -> Iterator[str]:
    for name in ("more/pickapic_user_prompts.csv", "more/diffusiondb_user_prompts.csv"):
        yield from (row["text"] for row in _rows(data / name) if "benign_candidate" in row["labels"])


def _allowed(data: Path) -> Iterator[str]:
    for row in _rows(data / "more" / "civitai_lexicon.csv"):
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
    spoken = _vocabulary(_captions(data))
    written = _vocabulary(_fragments(data))
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


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


if __name__ == "__main__":
    main()
