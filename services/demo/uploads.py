"""Pictures as chunked uploads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from services.contracts.image_classifier.v1 import image_classifier_pb2 as image_pb
from services.contracts.media_scanner.v1 import media_scanner_pb2 as media_pb

_CHUNK = 128 * 1024


def image_upload(item: str, content: bytes, *, account: str = "") -> Iterator[image_pb.ClassifyUploadRequest]:
    """The parts of a ClassifyUpload call."""
    header = image_pb.ImageHeader(
        id=item, account=account, generation_id=item, size=len(content), sha256=_digest(content)
    )
    yield image_pb.ClassifyUploadRequest(header=header)
    for chunk in _chunks(content):
        yield image_pb.ClassifyUploadRequest(chunk=chunk)


def media_upload(item: str, content: bytes, *, account: str = "") -> Iterator[media_pb.ScanMediaRequest]:
    """The parts of a ScanMedia call."""
    header = media_pb.MediaHeader(id=item, account=account, size=len(content), sha256=_digest(content))
    yield media_pb.ScanMediaRequest(header=header)
    for chunk in _chunks(content):
        yield media_pb.ScanMediaRequest(chunk=chunk)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _chunks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _CHUNK):
        yield content[start : start + _CHUNK]
