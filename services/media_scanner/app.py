"""Composition root of the scanner service."""

from __future__ import annotations

from functools import partial

import grpc

from services.chassis.assembly import Assembly
from services.chassis.rpc.server import RpcService
from services.chassis.service import Service
from services.chassis.streams import topics
from services.chassis.streams.stage import Driver, Stage
from services.contracts.media_scanner.v1 import media_scanner_pb2 as pb
from services.contracts.media_scanner.v1 import media_scanner_pb2_grpc as rpc
from services.media_scanner.rpc import MediaScannerServicer
from services.media_scanner.settings import MediaScannerSettings
from services.media_scanner.stream import SOURCE, STAGE, PublisherOutbox, UploadHandler
from services.media_scanner.wiring import open_scanner, open_threads


def build(settings: MediaScannerSettings) -> Service:
    """The whole process: RPC, the stage on media.uploads, and the threads both scan on."""
    assembly = Assembly.of(SOURCE, settings)
    threads = open_threads(settings.scanner)
    scanner = open_scanner(settings.scanner, threads)
    record = partial(assembly.metrics.record_outcome, "media")
    servicer = MediaScannerServicer(
        scanner,
        assembly.objects,
        assembly.outgoing,
        assembly.clock,
        limits=assembly.upload_limits,
        buffer=assembly.byte_budget,
        record=record,
    )
    handler = UploadHandler(
        scanner,
        assembly.objects,
        PublisherOutbox(assembly.publisher),
        assembly.clock,
        max_bytes=assembly.upload_limits.max_bytes,
        record=record,
    )
    stage = Stage(
        name=STAGE,
        topic=topics.MEDIA_UPLOADS,
        handler=handler,
        driver=assembly.driver(Driver.AIOKAFKA),
        limits=assembly.window_limits(),
    )
    assembly.metrics.declare(items=["media"])

    def register(server: grpc.aio.Server) -> None:
        rpc.add_MediaScannerServiceServicer_to_server(servicer, server)

    name = pb.DESCRIPTOR.services_by_name["MediaScannerService"].full_name
    return assembly.service(rpc=[RpcService(name, register)], stages=[stage], components=[threads])
