"""A model starts only by a contract that leaves nothing open, and only if it keeps to it."""

from pathlib import Path
from typing import Any

import onnxruntime
import pytest

from services.contracts.vocabulary import Category
from services.image_classifier.adapters.nudenet import nudenet_contract
from services.image_classifier.adapters.onnx_model import OnnxModel
from services.image_classifier.contract import ContractError, Kind, load_contract
from services.image_classifier.models import load_models
from services.image_classifier.settings import ImageSettings
from tests.contract.image_models.tiny_onnx import SIDE, colour_classifier, colour_detector


def test_a_contract_says_what_the_model_covers(tmp_path: Path) -> None:
    contract = load_contract(colour_classifier(tmp_path))
    assert contract.covers == {Category.GRAPHIC_VIOLENCE, Category.SEXUAL, Category.NONCONSENSUAL}
    assert contract.id == "colours@1"
    assert contract.file == tmp_path / "model.onnx"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"categories": {"red": "violence", "green": None}}, "blue"),
        ({"categories": {"red": "violence", "green": None, "blue": None, "pink": None}}, "pink"),
        ({"categories": {"red": None, "green": None, "blue": None}}, "no label speaks"),
        ({"categories": {"red": "mischief", "green": None, "blue": None}}, "mischief"),
        ({"licence": ""}, "licence"),
        ({"training_data": ""}, "training_data"),
        ({"sha256": "0" * 63}, "sha256"),
        ({"colour": "red"}, "colour"),
        ({"output": {"labels": ["red", "red"]}}, "twice"),
        ({"output": {"labels": ["red", "green", "blue"], "temperature": 2}}, "temperature"),
        ({"input": {"width": 16, "height": 16, "std": [1, 0, 1]}}, "std"),
    ],
)
def test_a_contract_with_a_fault_is_refused_by_name(
    tmp_path: Path, changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ContractError, match=complaint) as refused:
        load_contract(colour_classifier(tmp_path, **changes))
    assert "contract.json" in refused.value.message


def test_another_file_than_the_contract_means_is_not_loaded(tmp_path: Path) -> None:
    contract = load_contract(colour_classifier(tmp_path))
    with contract.file.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ContractError, match="sha256"):
        OnnxModel.load(contract)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    contract = load_contract(colour_classifier(tmp_path))
    contract.file.unlink()
    with pytest.raises(ContractError, match=r"model\.onnx cannot be read"):
        OnnxModel.load(contract)


@pytest.mark.parametrize(
    "changes",
    [
        {"input": {"width": SIDE * 2, "height": SIDE}},
        {"input": {"width": SIDE, "height": SIDE, "layout": "NHWC"}},
        {"output": {"labels": ["red", "green"]}, "categories": {"red": "violence", "green": None}},
        {"kind": "detector"},
        {"input": {"width": SIDE, "height": SIDE, "name": "other"}},
    ],
)
def test_a_model_of_another_shape_does_not_start(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ContractError, match="colours"):
        OnnxModel.load(load_contract(colour_classifier(tmp_path, **changes)))


def test_a_model_whose_outputs_are_no_probabilities_does_not_start(tmp_path: Path) -> None:
    logits: dict[str, Any] = {"output": {"activation": "none", "labels": ["red", "green", "blue"]}}
    with pytest.raises(ContractError, match="not probabilities"):
        OnnxModel.load(load_contract(colour_classifier(tmp_path, activation="softmax", **logits)))


def test_a_file_that_is_no_model_does_not_start(tmp_path: Path) -> None:
    contract = load_contract(colour_classifier(tmp_path))
    contract.file.write_bytes(b"no model")
    with pytest.raises(ContractError, match="sha256"):
        OnnxModel.load(contract)
    import hashlib

    honest = contract.model_copy(update={"sha256": hashlib.sha256(b"no model").hexdigest()})
    with pytest.raises(ContractError, match="cannot be loaded"):
        OnnxModel.load(honest)


@pytest.mark.filterwarnings("ignore:Specified provider")
def test_a_provider_that_is_not_there_is_not_replaced_silently(tmp_path: Path) -> None:
    contract = load_contract(colour_classifier(tmp_path))
    absent = "TensorrtExecutionProvider"
    if absent in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime has it")
    with pytest.raises(ContractError):
        OnnxModel.load(contract, provider=absent)


def test_models_are_loaded_from_settings_and_twins_are_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    paths = (colour_classifier(one), colour_detector(other, name="boxes"))
    models = load_models(ImageSettings(contracts=paths))
    assert [model.contract.name for model in models] == ["colours", "boxes"]
    with pytest.raises(ContractError, match="twice"):
        load_models(ImageSettings(contracts=(paths[0], paths[0])))
    assert load_models(ImageSettings()) == ()


def test_the_nudenet_contract_is_whole_and_finds_weights_without_importing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "nudenet"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    contract = nudenet_contract()
    assert contract.file == package / "320n.onnx"
    assert contract.kind is Kind.DETECTOR
    assert contract.covers == {Category.SEXUAL}
    assert contract.licence.startswith("AGPL-3.0")
