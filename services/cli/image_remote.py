"""Pictures classified and hashed by a server, each uploaded in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from services.chassis.signals import Outcome
from services.chassis.translate import (
    absent_from_proto,
    decision_from_proto,
    reason_from_proto,
    scores_from_proto,
)
from services.cli.aio import side_by_side
from services.cli.files import FileItem, read_file
from services.cli.image import classify_answer, hash_answer
from services.cli.job import Answer, AnswerBatch
from services.cli.options import ServerOptions
from services.cli.remote import Connection, answered, connect
from services.cli.uploads import AT_ONCE, MAX_BYTES, parts
from services.contracts.image_classifier.v1 import image_classifier_pb2 as pb
from services.contracts.image_classifier.v1 import image_classifier_pb2_grpc as pb_grpc
from services.image_classifier.classify import ImageVerdict
from services.imaging.hashes import ImageHash


@contextmanager
def remote_classifier(server: ServerOptions) -> Iterator[AnswerBatch[FileItem]]:
    """Answers by ClassifyUpload."""
    with connect(server) as connection:
        yield side_by_side(connection.runner, _Pictures(connection).classify, at_once=AT_ONCE)


@contextmanager
def remote_hasher(server: ServerOptions) -> Iterator[AnswerBatch[FileItem]]:
    """Answers by HashImage."""
    with connect(server) as connection:
        yield side_by_side(connection.runner, _Pictures(connection).hash, at_once=AT_ONCE)


class _Pictures:
    def __init__(self, connection: Connection) -> None:
        self._timeout = connection.timeout
        self._stub = pb_grpc.ImageClassifierServiceStub(connection.channel)

    async def classify(self, item: FileItem) -> Answer:
        upload = parts(
            read_file(item.path, max_bytes=MAX_BYTES),
            header=lambda size, sha256: pb.ClassifyUploadRequest(header=_header(item, size, sha256)),
            chunk=lambda chunk: pb.ClassifyUploadRequest(chunk=chunk),
        )
        response = await answered(self._stub.ClassifyUpload(upload, timeout=self._timeout))
        return classify_answer(item, _verdict(response.verdict))

    async def hash(self, item: FileItem) -> Answer:
        upload = parts(
            read_file(item.path, max_bytes=MAX_BYTES),
            header=lambda size, sha256: pb.HashImageRequest(header=_header(item, size, sha256)),
            chunk=lambda chunk: pb.HashImageRequest(chunk=chunk),
        )
        response = await answered(self._stub.HashImage(upload, timeout=self._timeout))
        found = response.hash
        identity = ImageHash(found.pdq.hex(), found.quality, found.sha256.hex(), found.width, found.height)
        return hash_answer(item, identity)


def _header(item: FileItem, size: int, sha256: bytes) -> pb.ImageHeader:
    return pb.ImageHeader(id=item.id, size=size, sha256=sha256)


def _verdict(message: pb.ImageVerdict) -> ImageVerdict:
    outcome = Outcome(
        decision_from_proto(message.decision),
        tuple(reason_from_proto(reason) for reason in message.reasons),
        tuple(absent_from_proto(signal) for signal in message.absent),
        message.policy_version,
    )
    return ImageVerdict(outcome, scores_from_proto(message.scores), tuple(message.model_versions))
