"""Bytes of every message, as first released, still mean what they meant; and are still written so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from google.protobuf import json_format
from google.protobuf.message import Message

from tests.golden.samples import message_classes, sample

FOLDER = Path(__file__).parent / "v1"
CLASSES = {message.DESCRIPTOR.full_name: message for message in message_classes()}


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_golden_bytes_are_read_and_written_unchanged(name: str) -> None:
    golden = (FOLDER / f"{name}.binpb").read_bytes()
    expected = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    message = CLASSES[name].FromString(golden)
    assert json_format.MessageToDict(message, preserving_proto_field_name=True) == expected
    assert message.SerializeToString(deterministic=True) == golden


def test_every_golden_file_belongs_to_a_message() -> None:
    assert {path.stem for path in FOLDER.glob("*.binpb")} == set(CLASSES)


def test_the_samples_fill_every_field() -> None:
    for message_class in CLASSES.values():
        message = sample(message_class)
        assert _unset(message) == []


def _unset(message: Message) -> list[str]:
    present = {field.name for field, _ in message.ListFields()}
    return [
        field.full_name
        for field in message.DESCRIPTOR.fields
        if field.name not in present and field.containing_oneof is None
    ]
