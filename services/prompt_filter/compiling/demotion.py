"""Terms that say little: what captions use, homographs of English words, everyday words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from services.prompt_filter.compiling import source_texts
from services.prompt_filter.compiling.rows import DATA, LANGUAGES, RANK, Rows, Term
from services.prompt_filter.compiling.word_frequencies import Frequencies
from services.prompt_filter.lexicon import Entry, Grade, Role, read_entries
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.fold import CharacterFold

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
_LABELLED = {Grade.VULGAR: Grade.SUGGESTIVE, Grade.PROFANE: Grade.MILD}
_SURE_LISTS = 3
_SAYS_LITTLE = (Grade.MILD, Grade.SUGGESTIVE, Grade.AMBIGUOUS)
# One of a million words.
_COMMON = 3.0
_MOST_SPARED = 0.09
# Less where words are written without spaces: they stand in other terms of the list.
_LESS_SPARED = {"ja": 0.045, "ko": 0.045, "zh": 0.02}
_WORD = re.compile(r"[^\W_]+")


def drop_minors(rows: Rows, fold: CharacterFold) -> None:
    """Words for children are no sexual terms by themselves, though a list or two has them.

    Listed as both, two children in one sentence were a conjunction.
    """
    minors = _own(fold, lambda entry: entry.role is Role.MINOR)
    words = {term for _, term in minors}
    for (language, term), (_, _, source) in list(rows.items()):
        if term in words and source.count("+") < _SURE_LISTS - 1:
            del rows[language, term]


def demote(rows: Rows, data: Path, fold: CharacterFold, ordinary: set[str]) -> int:
    """Terms of ordinary captions become ambiguous, foreign terms that are English words homographs."""
    terms = {term for _, term in rows}
    captions = _counts(source_texts.captions(data), fold, terms)
    fragments = _counts(source_texts.fragments(data), fold, terms)
    other_harm = _counts(source_texts.without_sexual_content(data), fold, terms)
    user_prompts = _counts(source_texts.user_prompts(data), fold, terms)
    english = {term for language, term in rows if language == "en"}
    own, twins = _suggestive_by_hand(fold), _counts(source_texts.harmless_twins(data), fold, terms)
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
        elif (language, term) in own and (
            "ldnoobw" not in source if language != "en" else twins[term] >= 2 or user_prompts[term] >= 3
        ):
            lowered = Grade.SUGGESTIVE
        else:
            mild = Grade.MILD if grade in (Grade.PROFANE, Grade.MILD) else Grade.SUGGESTIVE
            lowered = mild if user_prompts[term] >= 12 else grade
        if RANK[lowered] < RANK[grade]:
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


def demote_everyday(rows: Rows, everyday: AbstractSet[Term], frequencies: Frequencies) -> int:
    """What packages alone call coarse says nothing where it is an everyday word, or a phrase of ordinary
    ones: some lists hold the text of web pages. Of a list that people made, some are worth a label.
    """
    lowered = {
        term: Grade.MILD if term[0] in LANGUAGES else Grade.AMBIGUOUS
        for term in _spared(rows, everyday, frequencies)
    }
    for (language, term), (_, _, source) in rows.items():
        if "ldnoobw" not in source and (
            (language, term) in everyday
            or (language != "en" and " " in term and _of_ordinary(term, language, rows, frequencies))
        ):
            lowered[language, term] = Grade.AMBIGUOUS
    lowered = {term: grade for term, grade in lowered.items() if RANK[grade] < RANK[rows[term][1]]}
    for listed, grade in lowered.items():
        role, _, source = rows[listed]
        rows[listed] = (role, grade, source)
    return len(lowered)


def _spared(rows: Rows, everyday: AbstractSet[Term], frequencies: Frequencies) -> Iterator[Term]:
    """The commonest everyday words of lists that people made: some nine in ten of a list stay strong.

    Of other languages than the 16, whose lists are short, all.
    """
    by_people: dict[str, list[Term]] = {}
    for term, (_, _, source) in rows.items():
        if "ldnoobw" in source:
            by_people.setdefault(term[0], []).append(term)
    for language, terms in by_people.items():
        strong = [term for term in terms if rows[term][1] not in _SAYS_LITTLE]
        share = _LESS_SPARED.get(language, _MOST_SPARED)
        spare = (
            len(strong) if language not in LANGUAGES else int(len(terms) * share) - len(terms) + len(strong)
        )
        candidates = sorted(everyday & set(strong), key=lambda term: -frequencies.zipf(term[1], term[0]))
        yield from candidates[: max(spare, 0)]


def _of_ordinary(phrase: str, language: str, rows: Rows, frequencies: Frequencies) -> bool:
    """Whether all words of a phrase are ordinary, and none of them is listed as more than that.

    Vietnamese words are phrases of syllables, which are all ordinary.
    """
    if language == "vi":
        return False
    words = phrase.split()
    listed = [rows[language, word][1] for word in words if (language, word) in rows]
    return frequencies.zipf(phrase, language) >= _COMMON and set(listed).issubset(_SAYS_LITTLE)


def everyday(fold: CharacterFold) -> frozenset[Term]:
    """Reviewed by hand: `language<TAB>words and phrases` rows."""
    lines = (DATA / "everyday.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return frozenset(
        (language, canonicalise(term, fold).text) for language, terms in rows for term in terms.split(", ")
    )


def _suggestive_by_hand(fold: CharacterFold) -> frozenset[Term]:
    """Terms that this project's own lists call suggestive; others' lists call some of them explicit."""
    return _own(fold, lambda entry: entry.grade is Grade.SUGGESTIVE)


def _own(fold: CharacterFold, wanted: Callable[[Entry], bool]) -> frozenset[Term]:
    """Terms of this project's own lists."""
    return frozenset(
        (entry.language, canonicalise(entry.term, fold).text)
        for path in sorted(DATA.glob("indicators/*.tsv"))
        for entry in read_entries(path)
        if wanted(entry)
    )


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
