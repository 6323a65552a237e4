"""Reading raw outputs."""

import numpy as np
import pytest

from services.contracts.vocabulary import Category
from services.image_classifier.answers import from_boxes, from_scores
from services.image_classifier.contract import Activation, Kind, ModelContract, OutputSpec
from services.image_classifier.preprocess import Placement
from tests.unit.image_classifier.colour_model import ColourModel

WHOLE = Placement(0, 0, 100, 100)


def contract(kind: Kind = Kind.CLASSIFIER, **output: object) -> ModelContract:
    labels = OutputSpec(labels=("red", "green", "blue"), **output)
    both = {"red": (Category.VIOLENCE,), "green": (), "blue": (Category.VIOLENCE, Category.SEXUAL)}
    return ColourModel().contract.model_copy(update={"kind": kind, "output": labels, "categories": both})


def scores(raw: list[float], made: ModelContract) -> dict[Category, float]:
    found = from_scores(np.array([raw], np.float32), made)
    return {finding.category: finding.score for finding in found}


def test_exclusive_labels_of_one_category_add_up() -> None:
    assert scores([0.3, 0.3, 0.4], contract())[Category.VIOLENCE] == pytest.approx(0.7)


def test_independent_labels_of_one_category_do_not() -> None:
    sigmoid = contract(activation=Activation.SIGMOID)
    assert scores([0.0, 9.0, 0.0], sigmoid)[Category.VIOLENCE] == pytest.approx(0.5)
    told = contract(exclusive=False)
    assert scores([0.9, 0.9, 0.8], told)[Category.VIOLENCE] == pytest.approx(0.9)


def test_softmax_is_stable_and_temperature_cools() -> None:
    hot = contract(activation=Activation.SOFTMAX)
    cool = contract(activation=Activation.SOFTMAX, temperature=1000.0)
    logits = [1000.0, 0.0, 2000.0]
    assert scores(logits, hot)[Category.SEXUAL] == pytest.approx(1.0)
    assert scores(logits, cool)[Category.SEXUAL] == pytest.approx(np.exp(2) / (np.exp(2) + np.exp(1) + 1))


@pytest.mark.parametrize("raw", [[2.0, 0.0, 0.0], [-0.5, 0.5, 0.5], [float("nan"), 0.0, 0.0]])
def test_what_is_no_probability_is_not_believed(raw: list[float]) -> None:
    with pytest.raises(ValueError, match="not probabilities"):
        scores(raw, contract())


def test_the_best_candidate_of_a_category_is_kept_with_its_box() -> None:
    raw = np.zeros((1, 7, 3), np.float32)
    raw[0, :4, 1] = (50, 50, 20, 40)
    raw[0, 4, 1] = 0.8
    raw[0, 4, 2] = 0.6
    findings = from_boxes(raw, contract(Kind.DETECTOR), WHOLE)
    best = max(findings, key=lambda each: each.score)
    assert best.category is Category.VIOLENCE
    assert best.score == pytest.approx(0.8)
    assert best.box is not None
    assert (best.box.left, best.box.top, best.box.right, best.box.bottom) == pytest.approx(
        (0.4, 0.3, 0.6, 0.7)
    )


def test_no_candidates_is_no_finding() -> None:
    assert from_boxes(np.zeros((1, 7, 0), np.float32), contract(Kind.DETECTOR), WHOLE) == []
