"""A classifier from elsewhere: read from a folder or the hub, its labels mapped on purpose."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants
from pydantic import ValidationError

from services.contracts.vocabulary import Category
from services.prompt_filter.adapters.hugging_face import UnsupportedModelError, load_hugging_face_classifier
from services.prompt_filter.adapters.hugging_face_files import HubUnavailableError
from services.prompt_filter.adapters.hugging_face_labels import (
    ModelConfigError,
    UnknownLabelError,
    UnmappedLabelError,
)
from services.prompt_filter.adapters.hugging_face_settings import HuggingFaceSettings
from services.prompt_filter.classifier.errors import ModelIntegrityError
from services.prompt_filter.classifier_port import Answer
from tests.integration.prompt_filter.hub import REPOSITORY, REVISION, Hub
from tests.integration.prompt_filter.tiny_export import FILES, digests, write_export

# The library writes what it downloads in chunks of this size; what broke off within one is asked for again.
CHUNK = constants.DOWNLOAD_CHUNK_SIZE
MAP = {"calm": None, "storm": "violence", "flood": "sexual"}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export")


@pytest.fixture
def hub(export: Path) -> Iterator[Hub]:
    with Hub({name: (export / name).read_bytes() for name in FILES}) as running:
        yield running


def of_folder(folder: Path, **changes: Any) -> HuggingFaceSettings:
    return HuggingFaceSettings.model_validate(
        {"path": folder, "labels": MAP, "activation": "sigmoid", **changes}
    )


def of_hub(hub: Hub, export: Path, cache: Path, **changes: Any) -> HuggingFaceSettings:
    return HuggingFaceSettings.model_validate(
        {
            "repository": REPOSITORY,
            "revision": REVISION,
            "sha256": digests(export),
            "endpoint": hub.address,
            "cache": cache,
            "labels": MAP,
            "activation": "sigmoid",
            **changes,
        }
    )


def test_labels_become_categories(export: Path) -> None:
    classifier = load_hugging_face_classifier(of_folder(export))
    storm, meadow = (answer.scores for answer in classifier.score(["thunder", "meadow"]))
    assert storm == {Category.VIOLENCE: pytest.approx(0.952574), Category.SEXUAL: pytest.approx(0.047426)}
    assert max(meadow.values()) < 0.05


def test_softmax_adds_up_labels_of_one_category(export: Path) -> None:
    both = {"calm": None, "storm": "violence", "flood": "violence"}
    classifier = load_hugging_face_classifier(of_folder(export, labels=both, activation="softmax"))
    (unknown,) = classifier.score(["something"])
    assert unknown.scores == {Category.VIOLENCE: pytest.approx(2 / 3, abs=1e-6)}


def test_sigmoid_takes_the_highest_label_of_a_category(export: Path) -> None:
    both = {"calm": None, "storm": "violence", "flood": "violence"}
    classifier = load_hugging_face_classifier(of_folder(export, labels=both))
    assert classifier.score(["something"]) == [Answer({Category.VIOLENCE: 0.5})]


@pytest.mark.parametrize("place", [0, 37, 99])
def test_a_long_text_is_read_to_its_end(export: Path, place: int) -> None:
    words = ["meadow"] * 100
    words[place] = "thunder thunder thunder thunder thunder thunder thunder thunder"
    classifier = load_hugging_face_classifier(of_folder(export, max_tokens=8))
    (answer,) = classifier.score([" ".join(words)])
    assert answer.scores[Category.VIOLENCE] > 0.9


def test_an_empty_text_says_nothing(export: Path) -> None:
    classifier = load_hugging_face_classifier(of_folder(export))
    assert classifier.score([""]) == [Answer({Category.SEXUAL: 0.0, Category.VIOLENCE: 0.0})]


def test_an_unmapped_label_refuses_to_start(export: Path) -> None:
    with pytest.raises(UnmappedLabelError) as refused:
        load_hugging_face_classifier(of_folder(export, labels={"calm": None, "flood": "sexual"}))
    assert refused.value.labels == ("storm",)


def test_a_label_the_model_has_not_refuses_to_start(export: Path) -> None:
    with pytest.raises(UnknownLabelError) as refused:
        load_hugging_face_classifier(of_folder(export, labels={**MAP, "hail": "violence"}))
    assert refused.value.labels == ("hail",)


@pytest.mark.parametrize(
    "config",
    [
        {"id2label": {}},
        {"id2label": {"0": "calm", "2": "storm", "3": "flood"}},
        {"id2label": {"0": "calm", "1": "calm", "2": "storm"}},
        {"id2label": {"a": "calm"}},
        {"max_position_embeddings": 100},
    ],
)
def test_a_config_that_cannot_be_meant_refuses_to_start(tmp_path: Path, config: dict[str, Any]) -> None:
    with pytest.raises((ModelConfigError, UnmappedLabelError)) as refused:
        load_hugging_face_classifier(of_folder(write_export(tmp_path, **config)))
    assert isinstance(refused.value, ModelConfigError)


def test_labels_that_hold_together_are_no_softmax(tmp_path: Path) -> None:
    export = write_export(tmp_path, problem_type="multi_label_classification")
    load_hugging_face_classifier(of_folder(export))
    with pytest.raises(ModelConfigError):
        load_hugging_face_classifier(of_folder(export, activation="softmax"))


def test_a_model_with_fewer_outputs_than_labels_refuses_to_start(tmp_path: Path) -> None:
    labels = {"0": "calm", "1": "storm", "2": "flood", "3": "hail"}
    export = write_export(tmp_path, id2label=labels)
    with pytest.raises(UnsupportedModelError):
        load_hugging_face_classifier(of_folder(export, labels={**MAP, "hail": None}))


def test_a_model_that_asks_for_something_else_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedModelError):
        load_hugging_face_classifier(of_folder(write_export(tmp_path, inputs=("pixel_values",))))


@pytest.mark.parametrize("name", ["tokenizer.json", "model.onnx"])
def test_a_broken_file_refuses_to_start(export: Path, name: str) -> None:
    (export / name).write_bytes(b"{}")
    with pytest.raises(UnsupportedModelError) as refused:
        load_hugging_face_classifier(of_folder(export))
    assert refused.value.path.name == name


def test_a_missing_file_refuses_to_start(export: Path) -> None:
    (export / "model.onnx").unlink()
    with pytest.raises(ModelIntegrityError):
        load_hugging_face_classifier(of_folder(export))


def test_a_pinned_local_file_is_checked(export: Path) -> None:
    pinned = digests(export)
    load_hugging_face_classifier(of_folder(export, sha256=pinned))
    config = json.loads((export / "config.json").read_text(encoding="utf-8"))
    (export / "config.json").write_text(json.dumps({**config, "extra": 1}), encoding="utf-8")
    with pytest.raises(ModelIntegrityError) as refused:
        load_hugging_face_classifier(of_folder(export, sha256=pinned))
    assert refused.value.expected == pinned["config.json"]


def test_the_version_changes_with_what_the_labels_mean(export: Path) -> None:
    one = load_hugging_face_classifier(of_folder(export))
    same = load_hugging_face_classifier(of_folder(export))
    other = load_hugging_face_classifier(of_folder(export, labels={**MAP, "storm": "graphic_violence"}))
    assert one.version == same.version != other.version


def test_the_hub_gives_the_same_classifier(hub: Hub, export: Path, tmp_path: Path) -> None:
    fetched = load_hugging_face_classifier(of_hub(hub, export, tmp_path / "cache"))
    local = load_hugging_face_classifier(of_folder(export))
    assert fetched.version == local.version
    assert fetched.score(["thunder wave"]) == local.score(["thunder wave"])


def test_a_second_start_downloads_nothing(hub: Hub, export: Path, tmp_path: Path) -> None:
    settings = of_hub(hub, export, tmp_path / "cache")
    load_hugging_face_classifier(settings)
    asked = len(hub.requests)
    load_hugging_face_classifier(settings)
    assert len(hub.requests) == asked


def test_a_download_is_taken_up_where_it_broke_off(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", padding=2 * CHUNK)
    with Hub({name: (export / name).read_bytes() for name in FILES}) as hub:
        hub.cut["model.onnx"] = CHUNK + 1000
        settings = of_hub(hub, export, tmp_path / "cache")
        with pytest.raises(HubUnavailableError) as broken:
            load_hugging_face_classifier(settings)
        assert broken.value.file == "model.onnx"
        load_hugging_face_classifier(settings)
        assert hub.downloads("model.onnx") == ["", f"bytes={CHUNK}-"]


def test_a_wrong_file_is_refused_and_not_kept(hub: Hub, export: Path, tmp_path: Path) -> None:
    settings = of_hub(hub, export, tmp_path / "cache")
    right = hub.files["model.onnx"]
    hub.files["model.onnx"] = right + b"\0"
    with pytest.raises(ModelIntegrityError) as refused:
        load_hugging_face_classifier(settings)
    assert refused.value.expected == digests(export)["model.onnx"]
    hub.files["model.onnx"] = right
    load_hugging_face_classifier(settings)


def test_offline_asks_nobody(hub: Hub, export: Path, tmp_path: Path) -> None:
    offline = of_hub(hub, export, tmp_path / "cache", offline=True)
    with pytest.raises(HubUnavailableError):
        load_hugging_face_classifier(offline)
    assert hub.requests == []
    load_hugging_face_classifier(of_hub(hub, export, tmp_path / "cache"))
    asked = len(hub.requests)
    load_hugging_face_classifier(offline)
    assert len(hub.requests) == asked


def test_a_file_the_revision_has_not_is_named(hub: Hub, export: Path, tmp_path: Path) -> None:
    del hub.files["tokenizer.json"]
    with pytest.raises(HubUnavailableError) as missing:
        load_hugging_face_classifier(of_hub(hub, export, tmp_path / "cache"))
    assert missing.value.file == "tokenizer.json"


def test_no_credentials_are_sent(
    hub: Hub, export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_placeholder")
    load_hugging_face_classifier(of_hub(hub, export, tmp_path / "cache"))
    assert not hub.authorised


@pytest.mark.parametrize(
    "changes",
    [
        {"revision": ""},
        {"revision": "main"},
        {"sha256": {"config.json": "0" * 64}},
        {"sha256": dict.fromkeys(FILES, "abc")},
        {"path": "somewhere"},
        {"repository": ""},
        {"labels": {}},
        {"labels": {"calm": "weather"}},
        {"activation": "tanh"},
        {"model": "../model.onnx"},
        {"endpoint": "ftp://hub"},
    ],
)
def test_settings_that_pin_too_little_are_refused(changes: dict[str, Any]) -> None:
    good = {
        "repository": REPOSITORY,
        "revision": REVISION,
        "sha256": dict.fromkeys(FILES, "0" * 64),
        "labels": MAP,
        "activation": "sigmoid",
    }
    HuggingFaceSettings.model_validate(good)
    with pytest.raises(ValidationError):
        HuggingFaceSettings.model_validate({**good, **changes})
