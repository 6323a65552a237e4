"""Decoding beside the event loop, bounded."""

import asyncio
import threading

import pytest

from services.chassis.errors import OverloadedError
from services.imaging.decode import decode
from services.imaging.decoder import ThreadDecoder
from services.imaging.errors import ImageError
from services.imaging.limits import DecodeLimits
from services.imaging.workers import BoundedWorkers
from tests.unit.imaging.pictures import animation, drawing, file


async def test_threads_decode_as_the_function_does() -> None:
    workers = BoundedWorkers("decode", threads=2, max_pending=4)
    decoder = ThreadDecoder(workers, DecodeLimits())
    frames = animation([drawing(30, 20), drawing(30, 20).rotate(180)], "GIF")
    assert (await decoder.decode(frames)).hash == decode(frames).hash
    assert await decoder.hash(frames) == decode(frames).hash
    with pytest.raises(ImageError):
        await decoder.decode(file(drawing(30, 20))[:60])
    await workers.stop()


async def test_more_than_may_wait_is_refused_and_room_comes_back() -> None:
    workers = BoundedWorkers("decode", threads=1, max_pending=2)
    release = threading.Event()
    held = [asyncio.create_task(workers.run(release.wait)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(OverloadedError):
        await workers.run(lambda: None)
    release.set()
    assert await asyncio.gather(*held) == [True, True]
    assert await workers.run(lambda: 7) == 7
    await workers.stop()


async def test_a_caller_that_leaves_does_not_free_a_busy_thread() -> None:
    workers = BoundedWorkers("decode", threads=1, max_pending=1)
    release = threading.Event()
    caller = asyncio.create_task(workers.run(release.wait))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert workers.pending == 1
    release.set()
    await workers.stop()
