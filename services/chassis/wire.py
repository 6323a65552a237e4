"""Parts of the Protocol Buffers encoding, for answers made of what was serialised before.

Messages that stand one behind the other are read as one, merged, and a field that holds a message
holds its bytes (https://protobuf.dev/programming-guides/encoding/).
"""

from __future__ import annotations

from functools import lru_cache

from google.protobuf.message import Message

_LENGTH_DELIMITED = 2


def tag(message: type[Message], field: str) -> bytes:
    """What stands before a field that holds text, bytes or a message."""
    number: int = message.DESCRIPTOR.fields_by_name[field].number
    return _varint(number << 3 | _LENGTH_DELIMITED)


def delimited(field: bytes, value: bytes) -> bytes:
    """The field of this tag with its value."""
    return field + _varint(len(value)) + value


@lru_cache(maxsize=4096)
def _varint(number: int) -> bytes:
    groups = []
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])
