"""Puts a filter on the bench and measures it."""

from __future__ import annotations

from pathlib import Path

from services.prompt_filter.evaluation.bars import AIMS, Bars
from services.prompt_filter.evaluation.findings import Findings
from services.prompt_filter.evaluation.generated import Bench, measure_generated
from services.prompt_filter.evaluation.shared_data import measure_shared
from services.prompt_filter.evaluation.sizes import FULL, SMALL, Sizes
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.lexicon import Lexicon, load_lexicon
from services.prompt_filter.loading import load_filters
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.settings import DATA, FilterSettings
from services.prompt_filter.text.fold import CharacterFold

SEED = 11


def bench(settings: FilterSettings, sizes: Sizes, *, bars: Bars = AIMS, seed: int = SEED) -> Bench:
    """The filter that these settings describe, ready to be measured."""
    prompts = load_filters(settings).shared
    fold = CharacterFold.load(DATA / "fold")

    def over(lexicon: Lexicon) -> PromptFilter:
        return prompts.with_matcher(Matcher(lexicon, fold), lexicon.version)

    return Bench(prompts, over, load_lexicon(DATA), sizes, bars, seed)


def evaluate(measured: Bench, data: Path | None) -> Findings:
    """Everything on generated sets; with a data folder the held-out split too."""
    findings = Findings(measured.bars.shortfalls)
    if data is not None:
        measure_shared(measured, findings, data)
    measure_generated(measured, findings)
    return findings


def sizes(*, small: bool) -> Sizes:
    """Of a full or a small run."""
    return SMALL if small else FULL
