"""Labelled prompts as columns, and the split that no duplicate can cross."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import HARM, HEADS, PROSE, UNSAFE
from services.prompt_filter.classifier.text import canonical

Labels = dict[str, float]
"""Probability that a head applies; a head that is missing is unknown for this text."""


KINDS: Final = ("hate", "self_harm", "insult", "profanity")
"""What has no head, and is easily taken for what has one: the encoder learns to tell it apart."""

TASKS: Final = (*HEADS, *KINDS)
"""What is learned, in the order of the columns of targets: the heads first."""

_STYLE: Final = TASKS.index(PROSE)


@dataclass(frozen=True)
class Example:
    """One text of one source."""

    text: str
    source: str
    labels: Labels


@dataclass(frozen=True)
class Corpus:
    """Columns over canonical texts; targets has shape (texts, tasks), NaN where unknown."""

    texts: tuple[str, ...]
    sources: npt.NDArray[np.str_]
    targets: npt.NDArray[np.float32]
    draws: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Corpus:
        """The rows that a mask or an index array chooses."""
        rows = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        texts = tuple(self.texts[row] for row in rows)
        return Corpus(texts, self.sources[rows], self.targets[rows], self.draws[rows])

    def without(self, *left_out: str) -> Corpus:
        """The rows that are neither of these sources nor made of them."""
        return self.take(~self.made_of(*left_out))

    def made_of(self, *sources: str) -> npt.NDArray[np.bool_]:
        """Which rows are of these sources, or made of them."""
        return np.isin([source.partition("+")[0] for source in self.sources], sources)

    @property
    def harmless(self) -> npt.NDArray[np.bool_]:
        """Rows on which nothing is known to be wrong."""
        return np.asarray(np.nan_to_num(np.delete(self.targets, _STYLE, axis=1)).max(axis=1) == 0)

    @property
    def any_harm(self) -> npt.NDArray[np.float32]:
        """What is known of harm of any kind: as the raters say or, where none did, as the source says."""
        rated, harm = self.head(UNSAFE), self.head(HARM)
        return np.where(np.isnan(harm), rated, harm)

    def head(self, name: str) -> npt.NDArray[np.float32]:
        """The targets of one head."""
        return self.targets[:, TASKS.index(name)]


@dataclass(frozen=True)
class Split:
    """Disjoint parts of a corpus by the hash of the text."""

    train: Corpus
    calibration: Corpus
    sealed: Corpus


def build(examples: Iterable[Example], seed: int) -> Corpus:
    """Canonicalise, drop empty texts and repeats within a source, draw each text's place."""
    seen: dict[tuple[str, str], Example] = {}
    for example in examples:
        text = canonical(example.text)
        if text:
            seen.setdefault((example.source, text), example)
    texts = tuple(text for _, text in seen)
    rows = [[e.labels.get(task, np.nan) for task in TASKS] for e in seen.values()]
    return Corpus(
        texts,
        np.array([source for source, _ in seen]),
        np.array(rows, dtype=np.float32).reshape(-1, len(TASKS)),
        np.array([_draw(text, seed) for text in texts]),
    )


def join(parts: Sequence[Corpus]) -> Corpus:
    """The parts one after another."""
    return Corpus(
        tuple(text for part in parts for text in part.texts),
        np.concatenate([part.sources for part in parts]),
        np.concatenate([part.targets for part in parts]),
        np.concatenate([part.draws for part in parts]),
    )


def split(corpus: Corpus, calibration: float = 0.1, sealed: float = 0.15) -> Split:
    """Parts by the draw of each text: equal texts, from whatever source, fall together."""
    is_sealed = corpus.draws < sealed
    is_calibration = ~is_sealed & (corpus.draws < sealed + calibration)
    return Split(
        corpus.take(~is_sealed & ~is_calibration),
        corpus.take(is_calibration),
        corpus.take(is_sealed),
    )


def _draw(text: str, seed: int) -> float:
    """Uniform in 0..1 from the text's letters and digits alone."""
    key = f"{seed}:{text.replace(' ', '')}".encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:8], "big") / 2**64
