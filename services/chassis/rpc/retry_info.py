"""google.rpc.Status with google.rpc.RetryInfo, as clients read it from `grpc-status-details-bin`.

The two messages are written field by field, because the package that has them
(googleapis-common-protos) brings hundreds of others for these four fields.
Source: google/rpc/status.proto and google/rpc/error_details.proto.
"""

from __future__ import annotations

from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration

_RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"
_LENGTH_DELIMITED = 2


def retry_details(code: int, message: str, retry_seconds: float) -> bytes:
    """A serialised google.rpc.Status that tells when to try again."""
    delay = Duration()
    delay.FromNanoseconds(round(retry_seconds * 1e9))
    retry_info = _field(1, delay.SerializeToString())
    detail = Any(type_url=_RETRY_INFO, value=retry_info)
    return b"".join(
        (
            _varint(1 << 3) + _varint(code),
            _field(2, message.encode()),
            _field(3, detail.SerializeToString()),
        )
    )


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH_DELIMITED) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
