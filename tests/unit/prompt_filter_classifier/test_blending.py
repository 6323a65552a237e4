"""How encoders are joined to the stages before them."""

from __future__ import annotations

import numpy as np
import pytest

from services.prompt_filter.classifier.heads import HEADS, OUTPUTS, PROSE, READ
from services.prompt_filter.classifier.linear import SCORED
from services.prompt_filter.training import blending
from services.prompt_filter.training.blending import BlendSettings, StageSettings
from services.prompt_filter.training.corpus import TASKS, Corpus

TEXTS = 400


READ_FROM_ALL = READ[: READ.index("unsafe")]


def _corpus() -> Corpus:
    """Half of it harmless everyday prompts, half of it harmful in every way; nobody rated any."""
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
    corpus = _corpus()
    known = np.arange(TEXTS)[:, np.newaxis] >= TEXTS // 2
    random = np.random.default_rng(6)
    raw = np.hstack([known + random.normal(0, noise, (TEXTS, len(HEADS))) for noise in (0.3, 0.9)])
    weights = [
        blending.staged_readout(
            raw, corpus, StageSettings(0.1, alone=dict.fromkeys(OUTPUTS, alone)), BlendSettings()
        ).weights
        for alone in (0.0, 0.5, 1.0)
    ]
    np.testing.assert_allclose(weights[1], (weights[0] + weights[2]) / 2)
    assert np.abs(weights[0][: len(HEADS), : len(READ_FROM_ALL)]).min() > 0
    assert not weights[2][: len(HEADS)].any()


def test_some_outputs_do_not_read_the_scores_by_word_pieces() -> None:
    corpus = _corpus()
    known = np.arange(TEXTS)[:, np.newaxis] >= TEXTS // 2
    raw = known + np.random.default_rng(7).normal(0, 0.5, (TEXTS, SCORED * len(HEADS)))
    settings = BlendSettings(without_pieces=("sexual_minors",))
    found = blending.staged_readout(raw, corpus, StageSettings(), settings)
    of_ngrams, of_pieces = (np.abs(half).max(axis=0) for half in np.split(found.weights, SCORED))
    silent = (of_pieces == 0)[: len(READ_FROM_ALL)]
    assert silent.tolist() == [output == "sexual_minors" for output in READ_FROM_ALL]
    assert of_ngrams[: len(READ_FROM_ALL)].min() > 0


def test_what_nobody_rated_is_never_called_unsafe() -> None:
    corpus = _corpus()
    raw = np.random.default_rng(11).normal(size=(TEXTS, SCORED * len(HEADS)))
    found = blending.staged_readout(raw, corpus, StageSettings(), BlendSettings())
    column = READ.index("unsafe")
    assert not found.weights[:, column].any()
    assert found.intercept[column] < -20


def _opposed(corpus: Corpus) -> np.ndarray:
    """Raw scores that say harm in prose, every other text, and deny it elsewhere."""
    prose = np.where(np.arange(TEXTS) % 2 == 0, 1.0, -1.0)
    raw = np.repeat((prose * (corpus.any_harm - 0.5))[:, np.newaxis], SCORED * len(HEADS), axis=1)
    raw[:, HEADS.index(PROSE)] = prose
    return raw


def test_any_harm_is_fitted_to_each_style_apart() -> None:
    corpus = _corpus()
    raw = _opposed(corpus)
    likely = blending.staged_readout(raw, corpus, StageSettings(), BlendSettings())(raw)[
        :, OUTPUTS.index("any")
    ]
    harmful = corpus.any_harm == 1
    assert likely[harmful].min() > likely[~harmful].max()


def test_what_people_rated_weighs_more_in_any_harm_of_image_prompts_alone() -> None:
    corpus = _corpus()
    rated = np.arange(TEXTS) % 3 == 0
    corpus = Corpus(corpus.texts, np.where(rated, "nibbler", "other"), corpus.targets, corpus.draws)
    raw = np.random.default_rng(9).normal(size=(TEXTS, SCORED * len(HEADS)))
    raw[:, 0] += np.where(rated, 1.0, -1.0) * (corpus.any_harm - 0.5)  # says what is so of rated ones alone
    once, thrice = (
        blending.staged_readout(raw, corpus, StageSettings(), BlendSettings(rated=rated_weight)).weights[0]
        for rated_weight in (1.0, 3.0)
    )
    more = thrice > once + 1e-3
    assert more.tolist() == [output == "any" for output in READ]


def test_ordinary_prose_teaches_any_harm_and_no_category() -> None:
    corpus = _corpus()
    ordinary = np.arange(TEXTS) % 4 == 0
    corpus = Corpus(
        corpus.texts, np.where(ordinary, "wordnet+joined", corpus.sources), corpus.targets, corpus.draws
    )
    raw = np.random.default_rng(8).normal(size=(TEXTS, SCORED * len(HEADS)))
    raw[:, 0] = np.where(ordinary, corpus.any_harm + 1.0, 0.0)  # tells something of ordinary prose alone
    weights = blending.staged_readout(raw, corpus, StageSettings(), BlendSettings()).weights[0]
    learnt = np.abs(weights) > 1e-6
    assert learnt.tolist() == [output.startswith("any") for output in READ]


def test_what_raters_call_unsafe_is_read_from_its_own_heads_against_ordinary_texts() -> None:
    unsafe = HEADS.index("unsafe")
    sources = np.array(["nibbler", "nibbler", "coco", "wordnet", "overt_unsafe"] * (TEXTS // 5))
    targets = np.zeros((TEXTS, len(TASKS)), dtype=np.float32)
    targets[sources == "nibbler", unsafe] = np.tile([0.0, 1.0], TEXTS // 5)
    targets[sources == "wordnet", unsafe] = np.nan
    targets[sources == "overt_unsafe"] = 1  # by topic: not what people rated
    raw = np.random.default_rng(10).normal(size=(TEXTS, SCORED * len(HEADS)))
    corpus = Corpus(tuple(map(str, range(TEXTS))), sources, targets, np.zeros(TEXTS))
    column = READ.index("unsafe")

    def rated_as(ordinary: float) -> tuple[np.ndarray, float]:
        found = blending.staged_readout(raw, corpus, StageSettings(), BlendSettings(ordinary=ordinary))
        return found.weights[:, column], float(1 / (1 + np.exp(-found.intercept[column])))

    weights, share = rated_as(1.0)
    assert np.flatnonzero(weights).tolist() == [unsafe, len(HEADS) + unsafe]
    assert share == pytest.approx(0.25, abs=0.02)  # half of the rated, none of as many ordinary ones
    assert rated_as(4.0)[1] == pytest.approx(0.1, abs=0.02)
