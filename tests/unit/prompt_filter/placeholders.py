"""A lexicon of made-up words, and a filter over it: no listed word is written in a test."""

from __future__ import annotations

from functools import cache

from services.prompt_filter.classifier_port import Classifier
from services.prompt_filter.excluded import Exclusions
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.lexicon import Entry, Grade, Lexicon, Role, entry_id
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.policy import PromptPolicy
from services.prompt_filter.settings import DATA
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.language import Languages

EXPLICIT, SHORT, VULGAR, SUGGESTIVE, AMBIGUOUS = "blorvick", "gribba", "plonkert", "twindle", "morgle"
MINOR, PERHAPS_MINOR, PERSON, PERHAPS_PERSON = "smallkin", "juniorette", "vexley", "someonelle"
UNDRESS, VIOLENCE, GORE, UNSPACED = "unfrizzed", "bashlow", "spatterine", "珀琭"

_TERMS = [
    (EXPLICIT, Role.SEXUAL, Grade.EXPLICIT),
    (SHORT, Role.SEXUAL, Grade.EXPLICIT),
    (VULGAR, Role.SEXUAL, Grade.VULGAR),
    (SUGGESTIVE, Role.SEXUAL, Grade.SUGGESTIVE),
    (AMBIGUOUS, Role.SEXUAL, Grade.AMBIGUOUS),
    (MINOR, Role.MINOR, Grade.EXPLICIT),
    (PERHAPS_MINOR, Role.MINOR, Grade.AMBIGUOUS),
    (PERSON, Role.PERSON, Grade.EXPLICIT),
    (PERHAPS_PERSON, Role.PERSON, Grade.AMBIGUOUS),
    (UNDRESS, Role.UNDRESS, Grade.EXPLICIT),
    (VIOLENCE, Role.VIOLENCE, Grade.AMBIGUOUS),
    (GORE, Role.GORE, Grade.SUGGESTIVE),
    (UNSPACED, Role.SEXUAL, Grade.EXPLICIT),
]
_ORDINARY = (
    "a an and apple at beach bed big black blue boat bread bridge calm castle cat chair church city "
    "clock cloud dog door drawing field flower forest garden girl glass green harbour high hill "
    "horse house in lake light little man market meadow morning mountain night no oak of old on "
    "painting photo picture poster red river road rose sea sign small snow soft stone street summer "
    "table that the tree under wall water white window with without woman wood word year years"
)


def entry(term: str, role: Role = Role.SEXUAL, grade: Grade = Grade.EXPLICIT) -> Entry:
    """An entry as the shipped files would hold it."""
    return Entry(entry_id(role, "en", term), term, role, grade, "en", "test")


@cache
def fold() -> CharacterFold:
    """The shipped tables."""
    return CharacterFold.load(DATA / "fold")


@cache
def policy() -> PromptPolicy:
    """The shipped policy."""
    return PromptPolicy.load(DATA / "policy.json")


def lexicon(*more: Entry, allowed: frozenset[str] = frozenset()) -> Lexicon:
    """Every placeholder, and what a test adds."""
    entries = (*(entry(*row) for row in _TERMS), *more)
    return Lexicon(entries, allowed, frozenset(_ORDINARY.split()), "test")


def matcher(*more: Entry) -> Matcher:
    """A matcher with nothing cached."""
    return Matcher(lexicon(*more), fold())


def languages() -> Languages:
    """English and a little German."""
    words = {"the": "en", "with": "en", "und": "de", "ein": "de", "der": "de"}
    weights = {word: {language: 40} for word, language in words.items()}
    return Languages(weights, frozenset(_ORDINARY.split()))


def prompt_filter(
    *, classifier: Classifier | None = None, max_characters: int = 20_000, terms: Lexicon | None = None
) -> PromptFilter:
    """A filter with nothing cached, under the shipped policy."""
    used = terms or lexicon()
    return PromptFilter(
        matcher=Matcher(used, fold()),
        fold=fold(),
        languages=languages(),
        exclusions=Exclusions(),
        policy=policy(),
        classifier=classifier,
        lexicon_version=used.version,
        max_characters=max_characters,
    )
