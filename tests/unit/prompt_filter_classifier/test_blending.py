"""How encoders are joined to the stages before them."""

from __future__ import annotations

import numpy as np
import pytest

from services.prompt_filter.classifier.heads import HEADS, OUTPUTS
from services.prompt_filter.classifier.linear import SCORED
from services.prompt_filter.training import blending
from services.prompt_filter.training.blending import BlendSettings, StageSettings
from services.prompt_filter.training.corpus import TASKS, Corpus

TEXTS = 400


def _corpus() -> Corpus:
    """Half of it harmless everyday prompts, half of it harmful in every way."""
    targets = np.zeros((TEXTS, len(TASKS)), dtype=np.float32)
    targets[TEXTS // 2 :] = 1
    sources = np.array(["coco"] * (TEXTS // 2) + ["rtp"] * (TEXTS // 2))
    return Corpus(tuple(map(str, range(TEXTS))), sources, targets, np.zeros(TEXTS))


def _scores() -> np.ndarray:
    return np.random.default_rng(5).uniform(size=(TEXTS, len(OUTPUTS)))


@pytest.mark.parametrize("passed", [0.05, 0.2, 0.5])
def test_a_gate_lets_its_share_of_ordinary_prompts_pass(passed: float) -> None:
    corpus, scores = _corpus(), _scores()
    gate = blending.gate(scores, corpus, StageSettings(passed))
    through = gate.opens(scores, np.zeros((TEXTS, len(HEADS))))[blending.ordinary_harmless(corpus)]
    assert abs(through.mean() - passed) <= 0.03


def test_no_gate_is_below_its_floor() -> None:
    floor = {"violence": 0.999}
    gate = blending.gate(_scores(), _corpus(), StageSettings(0.5, floors=floor))
    assert gate.least[OUTPUTS.index("violence")] == 0.999
    assert gate.least[OUTPUTS.index("sexual")] < 0.999


def test_a_set_gate_opens_for_its_outputs_only() -> None:
    gate = blending.gate(_scores(), _corpus(), StageSettings(least={"sexual_minors": 0.03}))
    raw = np.zeros((len(OUTPUTS), len(HEADS)))
    opens = gate.opens(np.eye(len(OUTPUTS)), raw).tolist()
    assert opens == [output == "sexual_minors" for output in OUTPUTS]


def test_a_share_of_the_log_odds_is_read_from_the_last_stage_alone() -> None:
    corpus, rows = _corpus(), np.ones(TEXTS, dtype=bool)
    known = np.arange(TEXTS)[:, np.newaxis] >= TEXTS // 2
    random = np.random.default_rng(6)
    raw = np.hstack([known + random.normal(0, noise, (TEXTS, len(HEADS))) for noise in (0.3, 0.9)])
    weights = [
        blending.staged_readout(
            raw, corpus, rows, StageSettings(0.1, alone=dict.fromkeys(OUTPUTS, alone)), BlendSettings()
        ).weights
        for alone in (0.0, 0.5, 1.0)
    ]
    np.testing.assert_allclose(weights[1], (weights[0] + weights[2]) / 2)
    assert np.abs(weights[0][: len(HEADS)]).min() > 0
    assert not weights[2][: len(HEADS)].any()


def test_some_outputs_do_not_read_the_scores_by_word_pieces() -> None:
    corpus, rows = _corpus(), np.ones(TEXTS, dtype=bool)
    known = np.arange(TEXTS)[:, np.newaxis] >= TEXTS // 2
    raw = known + np.random.default_rng(7).normal(0, 0.5, (TEXTS, SCORED * len(HEADS)))
    found = blending.readout(raw, corpus, rows, BlendSettings(without_pieces=("sexual_minors",)))
    of_pieces = np.abs(found.weights[len(HEADS) :]).max(axis=0)
    assert (of_pieces == 0).tolist() == [output == "sexual_minors" for output in OUTPUTS]
    assert (np.abs(found.weights[: len(HEADS)]).max(axis=0) > 0).all()
