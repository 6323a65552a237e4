"""One sample of every message, every field filled, by rule and not by hand.

    python -m tests.golden.samples      writes golden files for messages that have none yet

Files of released messages are never rewritten: that is what makes them golden.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from services.contracts.common.v1 import common_pb2
from services.contracts.enforcement.v1 import enforcement_pb2
from services.contracts.image_classifier.v1 import image_classifier_pb2
from services.contracts.joint_scorer.v1 import joint_scorer_pb2
from services.contracts.media_scanner.v1 import media_scanner_pb2
from services.contracts.prompt_filter.v1 import prompt_filter_pb2

MODULES = (
    common_pb2,
    prompt_filter_pb2,
    image_classifier_pb2,
    joint_scorer_pb2,
    media_scanner_pb2,
    enforcement_pb2,
)
_OWN = "palisade."


def message_classes() -> Iterator[type[Message]]:
    """Every message of the contracts."""
    for module in MODULES:
        for name in sorted(module.DESCRIPTOR.message_types_by_name):
            yield getattr(module, name)


def sample(message_class: type[Message]) -> Message:
    """A message with a value in every field; of a oneof, the last member stands."""
    message = message_class()
    for name in message.DESCRIPTOR.fields_by_name:
        _fill(message, message.DESCRIPTOR.fields_by_name[name])
    return message


def _fill(message: Message, field: Any) -> None:
    if field.message_type is not None:
        target = getattr(message, field.name)
        nested = _nested(field.message_type)
        (target.add() if field.is_repeated else target).CopyFrom(nested)
    elif field.is_repeated:
        getattr(message, field.name).append(_scalar(field))
    else:
        setattr(message, field.name, _scalar(field))


def _nested(descriptor: Descriptor) -> Message:
    message_class = message_factory.GetMessageClass(descriptor)
    if descriptor.full_name.startswith(_OWN):
        return sample(message_class)
    message = message_class()
    if descriptor.full_name == "google.protobuf.Timestamp":
        json_format.Parse('"2026-11-01T12:00:00.5Z"', message)
    else:
        json_format.Parse('{"field": "value"}', message)
    return message


def _scalar(field: FieldDescriptor) -> object:
    if field.enum_type is not None:
        return field.enum_type.values[1].number
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return b"\x01\x02" if field.type == FieldDescriptor.TYPE_BYTES else f"{field.name} value"
        case FieldDescriptor.CPPTYPE_BOOL:
            return True
        case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
            return 0.5
        case _:
            return field.number + 10


def write_missing(folder: Path) -> int:
    """Write golden files of messages that have none; returns how many."""
    folder.mkdir(exist_ok=True)
    written = 0
    for message_class in message_classes():
        path = folder / f"{message_class.DESCRIPTOR.full_name}.binpb"
        if not path.exists():
            message = sample(message_class)
            path.write_bytes(message.SerializeToString(deterministic=True))
            fields = json_format.MessageToDict(message, preserving_proto_field_name=True)
            path.with_suffix(".json").write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")
            written += 1
    return written


if __name__ == "__main__":
    print(f"{write_missing(Path(__file__).parent / 'v1')} golden messages written")
