"""Figures on the sealed part: ranking per output and source, calibration, false positives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

from services.prompt_filter.classifier.heads import ANY, OUTPUTS
from services.prompt_filter.training.blending import ordinary_harmless, output_target
from services.prompt_filter.training.corpus import Corpus
from services.prompt_filter.training.logistic import expected_calibration_error
from services.prompt_filter.training.weights import AGREED, RATED

Array = npt.NDArray[np.float64]
Metric = Callable[[Array, Array], float]

RESAMPLES: Final = 200
FALSE_POSITIVES: Final = 0.001
FEWEST_POSITIVES: Final = 10


def evaluate(scores: Array, corpus: Corpus, seed: int) -> dict[str, Any]:
    """Per output: everything, each source that has positives, calibration and a threshold."""
    return {output: _output(scores[:, i], corpus, output, seed) for i, output in enumerate(OUTPUTS)}


def _output(score: Array, corpus: Corpus, output: str, seed: int) -> dict[str, Any]:
    target = output_target(corpus, output)
    known = ~np.isnan(target)
    ordinary = score[ordinary_harmless(corpus)]
    threshold = float(np.quantile(ordinary, 1 - FALSE_POSITIVES))
    found: dict[str, Any] = {
        "all": ranking(score[known], target[known], seed),
        "ece": round(expected_calibration_error(score[known], target[known]), 4),
        "threshold_at_0.1%_false_positives": round(threshold, 4),
        "recall_there": round(float((score[known & (target > 0.5)] > threshold).mean()), 4),
    }
    for source in np.unique(corpus.sources[known]):
        mine = known & (corpus.sources == source)
        found[str(source)] = ranking(score[mine], target[mine], seed)
    if output == ANY:
        agreed = known & (corpus.sources == RATED) & (np.abs(target - 0.5) > AGREED)
        found[f"{RATED}, raters agree"] = ranking(score[agreed], target[agreed], seed)
    return {name: value for name, value in found.items() if value is not None}


def ranking(score: Array, target: Array, seed: int) -> dict[str, Any] | None:
    """AUROC and AUPRC with 95 % bootstrap intervals; None where a class is too small."""
    positive = target > 0.5
    if min(positive.sum(), (~positive).sum()) < FEWEST_POSITIVES:
        return None
    return {
        "texts": len(target),
        "positives": int(positive.sum()),
        "auroc": _interval(roc_auc_score, positive, score, seed),
        "auprc": _interval(average_precision_score, positive, score, seed),
    }


def _interval(metric: Metric, positive: Any, score: Array, seed: int) -> list[float]:
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        rows = random.integers(0, len(score), len(score))
        if 0 < positive[rows].sum() < len(rows):
            drawn.append(metric(positive[rows], score[rows]))
    middle = float(metric(positive, score))
    return [round(float(v), 4) for v in (middle, *np.quantile(drawn, [0.025, 0.975]))]
