"""How well rated prompts are ranked by what has not seen them: all of them, in five folds.

The sealed part holds too few of them to tell models apart. Heads are fitted on three of the other
folds, readouts on the fourth, and no rated prompt fine-tunes the encoder: the first two stages with
the gate between them, which are what reads image prompts.

python -m services.prompt_filter.training.cross_validate --data DIR --wordnet TGZ --languagetool JAR --e5 JAR
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import ANY, HEADS, OUTPUTS, UNSAFE
from services.prompt_filter.classifier.text import canonical
from services.prompt_filter.training import arguments, blending, minilm, unsafe_head
from services.prompt_filter.training.blending import BlendSettings
from services.prompt_filter.training.corpus import Corpus, join
from services.prompt_filter.training.encoder_training import TrainedEncoder
from services.prompt_filter.training.evaluation import ranking
from services.prompt_filter.training.folds import folds
from services.prompt_filter.training.leave_out import linear_model, piece_vectors
from services.prompt_filter.training.lexicons import stem_pattern
from services.prompt_filter.training.onnx_session import session
from services.prompt_filter.training.pipeline import Settings, fine_tuned, with_unsafe_head
from services.prompt_filter.training.preparation import GORE, ORDINARY_PROSE, OWN_DATA, prepare
from services.prompt_filter.training.sources import read_all
from services.prompt_filter.training.static_embeddings import PieceVectors
from services.prompt_filter.training.weights import AGREED, RATED

Array = npt.NDArray[np.float64]
Folds = npt.NDArray[np.int64]

FOLDS: Final = 5

FIRST_ROUND: Final = 816
"""Rows of the file before its later round. No column says so: votes, lengths and attacks change there."""

READOUTS: Final[Mapping[str, BlendSettings]] = {
    "shipped": Settings().blend,
    "no trust in raters": replace(Settings().blend, trust=0.0),
}

_ANY: Final = OUTPUTS.index(ANY)


@dataclass(frozen=True)
class Unrated:
    """What every fold shares, made without any rated prompt."""

    train: Corpus
    calibration: Corpus
    vectors: PieceVectors
    encoder: TrainedEncoder
    pretrained: Path


def main() -> None:
    """Print AUROC and AUPRC of any harm as JSON, with and without what raters would call unsafe."""
    parser = arguments.parser("services.prompt_filter.training.cross_validate")
    parser.add_argument("--cache", type=Path, help="folder in which the fine-tuned encoder is kept")
    given = parser.parse_args()
    parts = prepare(given.data, arguments.prose(given), Settings().seed)
    everything = join([parts.train, parts.calibration, parts.sealed])
    rated = everything.take(everything.sources == RATED)
    train, pretrained = parts.train.without(RATED), minilm.locate(given.minilm)
    unrated = Unrated(
        train,
        parts.calibration.without(RATED),
        piece_vectors(pretrained, given.e5),
        fine_tuned(train.without(*ORDINARY_PROSE), pretrained, Settings(), given.cache),
        pretrained,
    )
    scores = _scores(unrated, rated, folds(rated.texts, FOLDS, Settings().seed))
    later = np.isin(rated.texts, _later_round(given.data))
    print(json.dumps({name: _figures(found, rated, later) for name, found in scores.items()}, indent=1))


def _scores(unrated: Unrated, rated: Corpus, fold: Folds) -> dict[str, Array]:
    """Probabilities of any harm of all rated prompts, by readout."""
    found = {name: np.zeros(len(rated)) for name in READOUTS}
    for number in range(FOLDS):
        test, calibrating = fold == number, fold == (number + 1) % FOLDS
        known = join([unrated.calibration, rated.take(calibrating)])
        judged = join([known, rated.take(test)])
        raw = _raw(unrated, rated.take(~test & ~calibrating), judged.texts)
        for name, settings in READOUTS.items():
            found[name][test] = _any_harm(raw, known, settings)
        print(f"fold {number + 1} of {FOLDS}", flush=True)
    return found


def _raw(unrated: Unrated, rated: Corpus, texts: Sequence[str]) -> Array:
    """Raw scores of the first two stages, the heads `unsafe` fitted on these rated prompts."""
    settings = Settings()
    train = join([unrated.train, rated])
    graph = with_unsafe_head(unrated.encoder, train.without(*ORDINARY_PROSE), unrated.pretrained, settings)
    ids = minilm.token_ids(unrated.pretrained, settings.encoder.tokens, texts)
    linear = linear_model(train, unrated.vectors).logits(texts)
    return np.hstack([linear, unsafe_head.pooled(session(graph), ids)])


def _any_harm(raw: Array, known: Corpus, settings: BlendSettings) -> Array:
    """Of the texts after the known ones, on which readouts and the gate are fitted."""
    stage, linear = Settings().stages[0].joined, raw[:, : -len(HEADS)]
    first = blending.staged_readout(linear[: len(known)], known, Settings().linear_joined, settings)
    both = blending.staged_readout(raw[: len(known)], known, stage, settings)
    gate = blending.gate(first(linear[: len(known)]), known, stage)
    settled = first(linear[len(known) :])
    opened = gate.opens(settled, raw[len(known) :])
    return np.where(opened, both(raw[len(known) :])[:, _ANY], settled[:, _ANY])


def _later_round(data: Path) -> list[str]:
    prompts = [one for one in read_all(data, stem_pattern(OWN_DATA / GORE)) if one.source == RATED]
    return [canonical(one.text) for one in prompts[FIRST_ROUND:]]


def _figures(score: Array, rated: Corpus, later: npt.NDArray[np.bool_]) -> dict[str, object]:
    target = rated.head(UNSAFE).astype(np.float64)
    agreed = np.abs(target - 0.5) > AGREED
    everyone = np.full(len(rated), True)
    parts = {"all": everyone, "first round": ~later, "later round": later}
    return {
        f"{name}{suffix}": ranking(score[part & chosen], target[part & chosen], Settings().seed)
        for name, part in parts.items()
        for suffix, chosen in (("", everyone), (", raters agree", agreed))
    }


if __name__ == "__main__":
    main()
