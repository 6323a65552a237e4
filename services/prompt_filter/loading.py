"""Builds a prompt filter from its files."""

from __future__ import annotations

from services.prompt_filter.adapters.shipped_classifier import load_shipped_classifier
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.lexicon import load_lexicon
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.policy import PromptPolicy
from services.prompt_filter.settings import DATA, FilterSettings
from services.prompt_filter.tenants import TenantFilters
from services.prompt_filter.text.fold import CharacterFold


def load_filters(settings: FilterSettings) -> TenantFilters:
    """The filter of every tenant; PolicyError or ModelIntegrityError where a file cannot be used."""
    lexicon = load_lexicon(DATA)
    fold = CharacterFold.load(DATA / "fold")
    shared = PromptFilter(
        matcher=Matcher(lexicon, fold),
        fold=fold,
        policy=PromptPolicy.load(settings.policy),
        classifier=load_shipped_classifier(settings.classifier) if settings.classifier else None,
        lexicon_version=lexicon.version,
        max_characters=settings.max_characters,
    )
    return TenantFilters(shared, lexicon, fold, folder=settings.tenants)
