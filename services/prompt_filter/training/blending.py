"""How the stages are joined: the readout of both, and the gates between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.gate import Gate
from services.prompt_filter.classifier.heads import ANY, ANY_IN_PROSE, HEADS, OUTPUTS, READ, UNSAFE
from services.prompt_filter.classifier.linear import SCORED
from services.prompt_filter.classifier.readout import Readout
from services.prompt_filter.classifier.style import is_prose
from services.prompt_filter.training import wordnet
from services.prompt_filter.training.corpus import Corpus
from services.prompt_filter.training.logistic import logistic
from services.prompt_filter.training.preparation import ORDINARY_PROSE
from services.prompt_filter.training.weights import RATED

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.bool_]

ORDINARY: Final = ("coco", "parti", "art", "pickapic", "diffusiondb")
"""Sources that stand for running traffic."""

_PIECES: Final = slice(len(HEADS), SCORED * len(HEADS))

_UNHEARD_OF: Final = -30.0
"""Log-odds of an output that nothing was labelled with."""

_NEVER: Final = 2.0
"""A gate that no probability reaches."""


@dataclass(frozen=True)
class StageSettings:
    """How an encoder is joined to the stages before it.

    It reads what scores `least` in an output. Where that is not set, it reads a share `passed` of
    ordinary harmless prompts, but nothing below `floors`: there it never lifts a score over a
    threshold. Prose it reads besides where its scores are as rare as a share `prose_passed` of
    ordinary harmless prompts. Of an output's log-odds, a share `alone` is read from it alone:
    calibration comes from the sources of training, and cannot show that what was not fine-tuned to
    them holds better elsewhere.
    """

    passed: float = 0.0
    floors: Mapping[str, float] = field(default_factory=dict)
    least: Mapping[str, float] = field(default_factory=dict)
    prose_passed: float | None = None
    alone: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class BlendSettings:
    """`inverse_penalty` is that of the regression on standardised scores.

    In `any` of image prompts, what people rated counts `rated` times: the rest is labelled by lists and
    by topic. Outputs `without_pieces` do not read the scores by word pieces. They have few positives, all
    of a kind: words that are like theirs are a child's everyday words.

    `unsafe` is read from the heads of that name alone, of what people rated and of ordinary texts, which
    count `ordinary` times as much together. A share `trust` of its probability counts as any harm.
    """

    inverse_penalty: float = 0.03
    rated: float = 2.0
    ordinary: float = 5.0
    trust: float = 0.75
    without_pieces: tuple[str, ...] = ("sexual_minors", "nonconsensual")


def staged_readout(raw: Array, corpus: Corpus, stage: StageSettings, settings: BlendSettings) -> Readout:
    """The readout of all stages, in part of the last one alone.

    It is fitted on every text, also those that the gates before would keep from the stage: of what
    passes there is too little.
    """
    by_output = {output: _rows_of(output, raw, corpus) for output in READ}
    together = _readout(raw, corpus, by_output, settings)
    last = _readout(raw[:, -len(HEADS) :], corpus, by_output, settings)
    alone = np.array([stage.alone.get(_plainly(output), 0.0) for output in READ])
    weights = (1 - alone) * together.weights
    weights[-len(HEADS) :] += alone * last.weights
    return Readout(weights, (1 - alone) * together.intercept + alone * last.intercept, settings.trust)


def _plainly(output: str) -> str:
    return ANY if output == ANY_IN_PROSE else output


def _rows_of(output: str, raw: Array, corpus: Corpus) -> Rows:
    """What an output is fitted on: any harm by style, `unsafe` on what is rated or ordinary, categories
    without English that nobody labelled.

    All French that somebody labelled is harmful.
    """
    if _plainly(output) == ANY:
        return np.asarray(is_prose(raw) == (output == ANY_IN_PROSE))
    if output == UNSAFE:
        return (corpus.sources == RATED) | ordinary_harmless(corpus) | corpus.made_of(*ORDINARY_PROSE)
    return ~corpus.made_of(wordnet.SOURCE)


def _readout(raw: Array, corpus: Corpus, by_output: Mapping[str, Rows], settings: BlendSettings) -> Readout:
    """One regression an output from its rows."""
    scale = raw.std(axis=0) + 1e-6
    found = []
    for output, rows in by_output.items():
        target = output_target(corpus, output)
        if output == UNSAFE:
            target = np.nan_to_num(target)  # nobody rates ordinary prose
        share = _shares(output, corpus, rows & ~np.isnan(target), settings)
        known = share > 0
        scaled = raw[known] / scale
        scaled[:, ~_read(output, raw.shape[1], settings)] = 0  # and so is their weight
        weights, intercept = logistic(scaled, target[known], share[known], settings.inverse_penalty)
        found.append((weights / scale, intercept if known.any() else _UNHEARD_OF))
    by_weight = np.array([weights for weights, _ in found]).T
    return Readout(by_weight, np.array([intercept for _, intercept in found]), settings.trust)


def _read(output: str, scores: int, settings: BlendSettings) -> Rows:
    """Which of so many raw scores an output reads."""
    heads = np.arange(scores)
    if output == UNSAFE:
        return heads % len(HEADS) == HEADS.index(UNSAFE)
    if output in settings.without_pieces:
        return (heads < _PIECES.start) | (heads >= _PIECES.stop)
    return np.full(scores, True)


def output_target(corpus: Corpus, output: str) -> Array:
    """The targets of an output, NaN where unknown."""
    return np.asarray(corpus.any_harm if _plainly(output) == ANY else corpus.head(output), dtype=np.float64)


def gate(scores: Array, corpus: Corpus, stage: StageSettings) -> Gate:
    """The stage's own least probabilities or, without, those that let its share of ordinary prompts pass."""
    ordinary = scores[ordinary_harmless(corpus)]
    of_prose = None if stage.prose_passed is None else _quantiles(ordinary, stage.prose_passed)
    if stage.least:
        return Gate(np.array([stage.least.get(output, _NEVER) for output in OUTPUTS]), of_prose)
    floors = np.array([stage.floors.get(output, 0.0) for output in OUTPUTS])
    return Gate(np.maximum(_quantiles(ordinary, stage.passed), floors), of_prose)


def _quantiles(ordinary: Array, passed: float) -> Array:
    """Equal quantiles of every output, which a share `passed` of the rows reaches in any."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        if (ordinary >= np.quantile(ordinary, middle, axis=0)).any(axis=1).mean() > passed:
            low = middle
        else:
            high = middle
    return np.asarray(np.quantile(ordinary, high, axis=0).round(6))


def ordinary_harmless(corpus: Corpus) -> Rows:
    """Rows of running traffic on which nothing is known to be wrong."""
    return np.asarray(corpus.harmless & np.isin(corpus.sources, ORDINARY))


def _shares(output: str, corpus: Corpus, known: Rows, settings: BlendSettings) -> Array:
    """How much each text counts for an output: large sources are held back by n^-1/2."""
    rated = known & (corpus.sources == RATED)
    if output == UNSAFE:
        ordinary = known & ~rated
        return np.asarray(rated + ordinary * settings.ordinary * rated.sum() / max(1, ordinary.sum()))
    found = np.zeros(len(corpus))
    for source in np.unique(corpus.sources[known]):
        mine = known & (corpus.sources == source)
        found[mine] = mine.sum() ** -0.5
    if output == ANY:
        found[rated] *= settings.rated
    return found
