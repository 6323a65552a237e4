"""Builds a prompt filter from its files."""

from __future__ import annotations

from services.prompt_filter.adapters.shipped_classifier import load_shipped_classifier
from services.prompt_filter.classifier_port import Classifier
from services.prompt_filter.excluded import Exclusions
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.lexicon import Lexicon, load_lexicon
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.policy import PromptPolicy
from services.prompt_filter.settings import DATA, FilterSettings
from services.prompt_filter.tenants import TenantFilters
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.language import ENGLISH, Languages


def load_filters(settings: FilterSettings) -> TenantFilters:
    """The filter of every tenant; PolicyError or ModelError where a file cannot be used."""
    lexicon = load_lexicon(DATA)
    fold = CharacterFold.load(DATA / "fold")
    shared = PromptFilter(
        matcher=Matcher(lexicon, fold),
        fold=fold,
        languages=Languages.load(DATA / "language_words.tsv", _english(lexicon)),
        exclusions=Exclusions.load(DATA / "excluded.tsv", fold),
        policy=PromptPolicy.load(settings.policy),
        classifier=_classifier(settings),
        lexicon_version=lexicon.version,
        max_characters=settings.max_characters,
    )
    return TenantFilters(shared, lexicon, fold, folder=settings.tenants)


def _english(lexicon: Lexicon) -> frozenset[str]:
    """Every known English word, the listed ones among them."""
    return lexicon.dictionary.union(entry.term for entry in lexicon.entries if entry.language == ENGLISH)


def _classifier(settings: FilterSettings) -> Classifier | None:
    if settings.hugging_face is not None:
        # Imported here because the libraries it needs take long to import.
        from services.prompt_filter.adapters.hugging_face import load_hugging_face_classifier

        return load_hugging_face_classifier(settings.hugging_face)
    return load_shipped_classifier(settings.classifier) if settings.classifier else None
