"""What every model behind the ImageModel port does, whatever runs it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from services.contracts.vocabulary import Category
from services.image_classifier.adapters.onnx_model import OnnxModel
from services.image_classifier.contract import load_contract
from services.image_classifier.ports import ImageModel
from services.imaging.decode import Background, View
from tests.contract.image_models.tiny_onnx import colour_classifier, colour_detector
from tests.unit.image_classifier.colour_model import ColourModel


def classifier(folder: Path, layout: str, activation: str) -> ImageModel:
    return OnnxModel.load(load_contract(colour_classifier(folder, layout=layout, activation=activation)))


MODELS: dict[str, Callable[[Path], ImageModel]] = {
    "in-memory": lambda _: ColourModel(),
    "onnx-nchw-softmax": lambda folder: classifier(folder, "NCHW", "softmax"),
    "onnx-nhwc-softmax": lambda folder: classifier(folder, "NHWC", "softmax"),
    "onnx-nchw-sigmoid": lambda folder: classifier(folder, "NCHW", "sigmoid"),
    "onnx-softmax-in-graph": lambda folder: classifier(folder, "NCHW", "none"),
    "onnx-detector": lambda folder: OnnxModel.load(load_contract(colour_detector(folder))),
}


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest, tmp_path: Path) -> ImageModel:
    return MODELS[request.param](tmp_path)


def plain(red: int, green: int, blue: int, frame: int = 0) -> View:
    pixels = np.empty((40, 60, 3), np.uint8)
    pixels[:] = (red, green, blue)
    return View(frame, Background.NONE, pixels)


def scores(model: ImageModel, *views: View) -> dict[Category, float]:
    return {finding.category: finding.score for finding in model.answer(views).findings}


def test_answers_exactly_for_what_it_covers(model: ImageModel) -> None:
    answered = scores(model, plain(100, 100, 100))
    assert answered.keys() == model.contract.covers
    assert all(0.0 <= score <= 1.0 for score in answered.values())


def test_tells_what_it_is_for(model: ImageModel) -> None:
    red, blue = scores(model, plain(255, 0, 0)), scores(model, plain(0, 0, 255))
    assert red[Category.GRAPHIC_VIOLENCE] > blue[Category.GRAPHIC_VIOLENCE]
    assert blue[Category.SEXUAL] > red[Category.SEXUAL]
    assert blue[Category.SEXUAL] == blue[Category.NONCONSENSUAL]


def test_the_worst_view_counts(model: ImageModel) -> None:
    calm, bad = plain(0, 255, 0), plain(255, 0, 0, frame=1)
    assert scores(model, calm, bad, calm)[Category.GRAPHIC_VIOLENCE] == pytest.approx(
        scores(model, bad)[Category.GRAPHIC_VIOLENCE]
    )


def test_the_same_views_get_the_same_answer(model: ImageModel) -> None:
    views = [plain(10, 200, 30), plain(90, 10, 60)]
    assert model.answer(views) == model.answer(views)


def test_says_who_answered(model: ImageModel) -> None:
    answer = model.answer([plain(1, 2, 3)])
    assert (answer.model, answer.version) == (model.contract.name, model.contract.version)
