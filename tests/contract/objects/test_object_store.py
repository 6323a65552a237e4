"""What every object store does, on memory, on a folder and on a real S3 server."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store as Bucket
from pydantic import SecretStr

from services.chassis.errors import InvalidInputError, TooLargeError, UnavailableError
from services.chassis.objects.memory import MemoryStore
from services.chassis.objects.open import open_store
from services.chassis.objects.store import ObjectCorruptError, ObjectNotFoundError, ObjectStore
from services.chassis.settings import ObjectSettings
from tests.harness.object_store import ObjectStoreServer

CONTENT = bytes(range(256)) * 20
ABSENT = hashlib.sha256(b"never stored").hexdigest()


@dataclass(frozen=True)
class Case:
    """A store, and the two things a test does behind its back."""

    store: ObjectStore
    overwrite: Callable[[str, bytes], Awaitable[None]]
    count: Callable[[], Awaitable[int]]


def _memory() -> Case:
    store = MemoryStore()

    async def overwrite(sha256: str, content: bytes) -> None:
        store._contents[sha256] = content

    async def count() -> int:
        return len(store._contents)

    return Case(store, overwrite, count)


def _folder(root: Path) -> Case:
    async def overwrite(sha256: str, content: bytes) -> None:
        (root / sha256[:2] / sha256).write_bytes(content)

    async def count() -> int:
        return len(_files(root))

    return Case(open_store(ObjectSettings(url=root.as_uri())), overwrite, count)


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def _s3(server: ObjectStoreServer, name: str) -> Case:
    prefix = uuid.uuid4().hex
    settings = ObjectSettings(
        url=f"s3://{name}/{prefix}",
        endpoint=server.endpoint,
        access_key_id=server.credentials.access_key,
        secret_access_key=SecretStr(server.credentials.secret_key),
        allow_http=True,
    )
    bucket = Bucket(
        name,
        config={
            "endpoint": server.endpoint,
            "region": "us-east-1",
            "access_key_id": server.credentials.access_key,
            "secret_access_key": server.credentials.secret_key,
        },
        client_options={"allow_http": True},
    )

    async def overwrite(sha256: str, content: bytes) -> None:
        await obstore.put_async(bucket, f"{prefix}/{sha256}", content)

    async def count() -> int:
        return len(await obstore.list(bucket, prefix).collect_async())

    return Case(open_store(settings), overwrite, count)


@pytest.fixture(scope="module")
def bucket(s3_server: ObjectStoreServer) -> str:
    """One bucket for all tests: SeaweedFS gives each bucket volumes of its own, and has few."""
    name = f"objects-{uuid.uuid4().hex}"
    s3_server.create_bucket(name)
    return name


@pytest.fixture(params=["memory", "folder", pytest.param("s3", marks=pytest.mark.real_s3)])
async def case(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Case]:
    match request.param:
        case "memory":
            made = _memory()
        case "folder":
            made = _folder(tmp_path)
        case _:
            made = _s3(request.getfixturevalue("s3_server"), request.getfixturevalue("bucket"))
    yield made
    await made.store.close()


async def test_what_was_put_is_got(case: Case) -> None:
    stored = await case.store.put(CONTENT, content_type="image/png")
    assert stored.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (stored.size, stored.content_type) == (len(CONTENT), "image/png")
    assert await case.store.get(stored.sha256, max_bytes=len(CONTENT)) == CONTENT


async def test_an_empty_object_is_an_object(case: Case) -> None:
    stored = await case.store.put(b"")
    assert await case.store.get(stored.sha256, max_bytes=0) == b""


async def test_the_same_bytes_are_one_object_even_at_once(case: Case) -> None:
    stored = await asyncio.gather(*(case.store.put(CONTENT) for _ in range(8)))
    assert len(set(stored)) == 1
    assert await case.count() == 1


async def test_different_bytes_are_different_objects(case: Case) -> None:
    contents = [bytes([number]) * 9 for number in range(5)]
    stored = await asyncio.gather(*(case.store.put(content) for content in contents))
    got = await asyncio.gather(*(case.store.get(one.sha256, max_bytes=9) for one in stored))
    assert got == contents


async def test_what_was_never_put_is_not_found(case: Case) -> None:
    with pytest.raises(ObjectNotFoundError):
        await case.store.get(ABSENT, max_bytes=10)


async def test_an_object_over_the_callers_limit_is_refused(case: Case) -> None:
    stored = await case.store.put(CONTENT)
    with pytest.raises(TooLargeError):
        await case.store.get(stored.sha256, max_bytes=len(CONTENT) - 1)


async def test_corruption_is_noticed(case: Case) -> None:
    stored = await case.store.put(CONTENT)
    await case.overwrite(stored.sha256, CONTENT[:-1] + b"\0")
    with pytest.raises(ObjectCorruptError):
        await case.store.get(stored.sha256, max_bytes=len(CONTENT))


@pytest.mark.parametrize(
    "name", ["", "ab", "../../etc/passwd", "a" * 63 + "/", "A" * 64, "a" * 64 + "\n", "a" * 65, "é" * 64]
)
async def test_a_name_that_is_no_sha256_is_refused(case: Case, name: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await case.store.get(name, max_bytes=10)
    assert refused.value.code == "BAD_SHA256"


@pytest.mark.real_s3
async def test_a_wrong_key_is_unavailable_and_names_no_secret(s3_server: ObjectStoreServer) -> None:
    store = open_store(
        ObjectSettings(
            url="s3://nowhere",
            endpoint=s3_server.endpoint,
            access_key_id=s3_server.credentials.access_key,
            secret_access_key=SecretStr("not-the-secret"),
            allow_http=True,
        )
    )
    for attempt in (store.put(CONTENT), store.get(ABSENT, max_bytes=10)):
        with pytest.raises(UnavailableError) as refused:
            await attempt
        assert refused.value.code == "OBJECT_STORE_UNAVAILABLE"
        assert "not-the-secret" not in refused.value.message
