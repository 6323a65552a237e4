"""gRPC in and out. Translates, decides nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, cast

from services.chassis.clock import Clock
from services.chassis.objects.store import ObjectRef, ObjectStore
from services.chassis.rpc.call import current_call
from services.chassis.rpc.uploads import ByteBudget, UploadLimits, receive_upload
from services.chassis.signals import Outcome
from services.chassis.translate import object_from_proto
from services.contracts.media_scanner.v1 import media_scanner_pb2 as pb
from services.contracts.media_scanner.v1 import media_scanner_pb2_grpc as rpc
from services.media_scanner.item import MediaItem
from services.media_scanner.scan import Scanner
from services.media_scanner.stream import Outbox, announce, verdict_to_proto


class MediaScannerServicer(rpc.MediaScannerServiceServicer):
    """Receives uploads whole, stores them, has them scanned, and announces the scan.

    Args:
        record: called with every outcome, to count it.
    """

    def __init__(
        self,
        scanner: Scanner,
        objects: ObjectStore,
        outbox: Outbox,
        clock: Clock,
        *,
        limits: UploadLimits,
        buffer: ByteBudget,
        record: Callable[[Outcome], None],
    ) -> None:
        self._scanner = scanner
        self._objects = objects
        self._outbox = outbox
        self._clock = clock
        self._limits = limits
        self._buffer = buffer
        self._record = record

    async def ScanMedia(self, request_iterator: Any, _context: Any) -> pb.ScanMediaResponse:
        """Receive, store, scan; the upload stays charged to the buffer until it is answered."""
        parts = cast("AsyncIterator[pb.ScanMediaRequest]", request_iterator)
        upload = await receive_upload(parts, limits=self._limits, buffer=self._buffer)
        header: pb.MediaHeader = upload.header
        item = MediaItem.of(header.id, upload.content, max_bytes=self._limits.max_bytes)
        content_type = item.media_type or "application/octet-stream"
        reference = await self._objects.put(upload.content, content_type=content_type)
        return pb.ScanMediaResponse(verdict=await self._scan(item, reference, header.account))

    async def ScanObject(self, request: pb.ScanObjectRequest, _context: Any) -> pb.ScanObjectResponse:
        """Scan what already lies in the object store."""
        reference = object_from_proto(request.object)
        content = await self._objects.get(reference.sha256, max_bytes=self._limits.max_bytes)
        item = MediaItem.of(request.id, content, max_bytes=self._limits.max_bytes)
        return pb.ScanObjectResponse(verdict=await self._scan(item, reference, request.account))

    async def _scan(self, item: MediaItem, reference: ObjectRef, account: str) -> pb.MediaVerdict:
        call = current_call()
        scan = await self._scanner.scan(item)
        self._record(scan.outcome)
        verdict = verdict_to_proto(scan, reference, tenant=call.tenant)
        await announce(
            self._outbox,
            verdict,
            tenant=call.tenant,
            account=account,
            occurred_at=self._clock.now(),
            request_id=call.request_id,
        )
        return verdict
