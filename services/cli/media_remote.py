"""Files scanned by a server, each uploaded in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from services.chassis.signals import Outcome
from services.chassis.translate import (
    absent_from_proto,
    decision_from_proto,
    reason_from_proto,
    signal_from_proto,
)
from services.cli.aio import side_by_side
from services.cli.files import FileItem, read_file
from services.cli.job import Answer, AnswerBatch
from services.cli.media import scan_answer
from services.cli.options import ServerOptions
from services.cli.remote import answered, connect
from services.cli.uploads import AT_ONCE, MAX_BYTES, parts
from services.contracts.media_scanner.v1 import media_scanner_pb2 as pb
from services.contracts.media_scanner.v1 import media_scanner_pb2_grpc as pb_grpc
from services.contracts.vocabulary import ProvenanceVerdict
from services.media_scanner.scan import MediaScan
from services.media_scanner.verdict import AiGenerated


@contextmanager
def remote_scanner(server: ServerOptions) -> Iterator[AnswerBatch[FileItem]]:
    """Answers by ScanMedia."""
    with connect(server) as connection:
        stub = pb_grpc.MediaScannerServiceStub(connection.channel)

        async def ask(item: FileItem) -> Answer:
            upload = parts(
                read_file(item.path, max_bytes=MAX_BYTES),
                header=lambda size, sha256: pb.ScanMediaRequest(header=_header(item, size, sha256)),
                chunk=lambda chunk: pb.ScanMediaRequest(chunk=chunk),
            )
            response = await answered(stub.ScanMedia(upload, timeout=connection.timeout))
            return scan_answer(item, _scan(response.verdict))

        yield side_by_side(connection.runner, ask, at_once=AT_ONCE)


def _header(item: FileItem, size: int, sha256: bytes) -> pb.MediaHeader:
    return pb.MediaHeader(id=item.id, size=size, sha256=sha256)


def _scan(message: pb.MediaVerdict) -> MediaScan:
    found = message.ai_generated
    p_value = found.p_value if found.HasField("p_value") else None
    outcome = Outcome(
        decision_from_proto(message.decision),
        tuple(reason_from_proto(reason) for reason in message.reasons),
        tuple(absent_from_proto(signal) for signal in message.absent),
        message.policy_version,
    )
    return MediaScan(
        message.id,
        None,
        AiGenerated(ProvenanceVerdict(found.verdict), p_value, tuple(found.by)),
        tuple(signal_from_proto(signal) for signal in message.signals),
        outcome,
    )
