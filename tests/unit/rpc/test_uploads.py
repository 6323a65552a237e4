"""Uploads arrive whole and as announced, or are refused by name and give their memory back."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import AsyncIterator

import pytest

from services.chassis.errors import InvalidInputError, OverloadedError, PalisadeError, TooLargeError
from services.chassis.rpc.uploads import ByteBudget, Upload, UploadLimits, receive_upload
from services.contracts.media_scanner.v1.media_scanner_pb2 import MediaHeader, ScanMediaRequest

CONTENT = bytes(range(256)) * 40
LIMITS = UploadLimits(max_bytes=20_000)


def _header(content: bytes = CONTENT, **changes: object) -> ScanMediaRequest:
    header = MediaHeader(id="i", size=len(content), sha256=hashlib.sha256(content).digest())
    for name, value in changes.items():
        setattr(header, name, value)
    return ScanMediaRequest(header=header)


def _chunk(content: bytes) -> ScanMediaRequest:
    return ScanMediaRequest(chunk=content)


async def _parts(*parts: ScanMediaRequest) -> AsyncIterator[ScanMediaRequest]:
    for part in parts:
        yield part


async def _receive(*parts: ScanMediaRequest, buffer: ByteBudget) -> Upload[MediaHeader]:
    return await receive_upload(_parts(*parts), limits=LIMITS, buffer=buffer)


@pytest.mark.parametrize("size", [1, 255, 4096, len(CONTENT)])
async def test_chunks_of_any_size_make_the_upload(size: int) -> None:
    chunks = [_chunk(CONTENT[start : start + size]) for start in range(0, len(CONTENT), size)]
    upload = await _receive(_header(), *chunks, buffer=ByteBudget(20_000))
    assert (upload.header.id, upload.content) == ("i", CONTENT)


async def test_an_empty_upload_and_empty_chunks_are_uploads() -> None:
    assert (await _receive(_header(b""), buffer=ByteBudget(0))).content == b""
    upload = await _receive(_header(), _chunk(b""), _chunk(CONTENT), buffer=ByteBudget(20_000))
    assert upload.content == CONTENT


@pytest.mark.parametrize(
    ("parts", "kind", "code"),
    [
        ([], InvalidInputError, "MISSING_HEADER"),
        ([_chunk(CONTENT)], InvalidInputError, "MISSING_HEADER"),
        ([ScanMediaRequest()], InvalidInputError, "MISSING_HEADER"),
        ([_header(), _header()], InvalidInputError, "SECOND_HEADER"),
        ([_header(), _chunk(CONTENT), _header()], InvalidInputError, "SECOND_HEADER"),
        ([_header(), ScanMediaRequest()], InvalidInputError, "EMPTY_PART"),
        ([_header()], InvalidInputError, "SIZE_MISMATCH"),
        ([_header(), _chunk(CONTENT[:-1])], InvalidInputError, "SIZE_MISMATCH"),
        ([_header(), _chunk(CONTENT), _chunk(b"x")], InvalidInputError, "SIZE_MISMATCH"),
        ([_header(), _chunk(CONTENT[:-1] + b"x")], InvalidInputError, "SHA256_MISMATCH"),
        ([_header(sha256=b""), _chunk(CONTENT)], InvalidInputError, "SHA256_MISMATCH"),
        ([_header(size=20_001)], TooLargeError, "TOO_LARGE"),
        ([_header(size=2**63)], TooLargeError, "TOO_LARGE"),
    ],
)
async def test_what_is_not_as_announced_is_refused_by_code(
    parts: list[ScanMediaRequest], kind: type[PalisadeError], code: str
) -> None:
    buffer = ByteBudget(20_000)
    with pytest.raises(kind) as refused:
        await _receive(*parts, buffer=buffer)
    assert refused.value.code == code
    assert buffer.held == 0


async def test_all_uploads_together_stay_within_the_budget() -> None:
    buffer = ByteBudget(len(CONTENT) + 10)
    first = await _receive(_header(), _chunk(CONTENT), buffer=buffer)
    with pytest.raises(OverloadedError):
        await _receive(_header(), _chunk(CONTENT), buffer=buffer)
    assert buffer.held == len(first.content)
    del first
    gc.collect()
    assert buffer.held == 0
    await _receive(_header(), _chunk(CONTENT), buffer=buffer)


async def test_a_caller_that_leaves_gives_its_memory_back() -> None:
    async def broken() -> AsyncIterator[ScanMediaRequest]:
        yield _header()
        raise ConnectionError

    buffer = ByteBudget(20_000)
    with pytest.raises(ConnectionError):
        await receive_upload(broken(), limits=LIMITS, buffer=buffer)
    assert buffer.held == 0


async def test_received_bytes_are_counted_once_they_are_whole() -> None:
    counted: list[int] = []
    buffer = ByteBudget(20_000, received=counted.append)
    await _receive(_header(), _chunk(CONTENT), buffer=buffer)
    with pytest.raises(InvalidInputError):
        await _receive(_header(), buffer=buffer)
    assert counted == [len(CONTENT)]
