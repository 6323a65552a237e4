"""obstore on a real S3 server: put once, read, refuse."""

import uuid

import obstore
import pytest
from obstore.exceptions import AlreadyExistsError, PermissionDeniedError
from obstore.store import S3Store

from tests.harness.object_store import Credentials, ObjectStoreServer


@pytest.fixture
def bucket(s3_server: ObjectStoreServer) -> str:
    name = f"items-{uuid.uuid4().hex}"
    s3_server.create_bucket(name)
    return name


def open_bucket(server: ObjectStoreServer, bucket: str, credentials: Credentials) -> S3Store:
    return S3Store(
        bucket,
        endpoint=server.endpoint,
        region="us-east-1",
        access_key_id=credentials.access_key,
        secret_access_key=credentials.secret_key,
        virtual_hosted_style_request=False,
        client_options={"allow_http": True},
    )


async def test_second_conditional_put_is_refused_and_changes_nothing(
    s3_server: ObjectStoreServer, bucket: str
) -> None:
    store = open_bucket(s3_server, bucket, s3_server.credentials)

    await obstore.put_async(store, "item", b"first", mode="create")
    with pytest.raises(AlreadyExistsError):
        await obstore.put_async(store, "item", b"second", mode="create")

    answer = await obstore.get_async(store, "item")
    assert bytes(await answer.bytes_async()) == b"first"


async def test_wrong_key_is_refused(s3_server: ObjectStoreServer, bucket: str) -> None:
    wrong = Credentials(s3_server.credentials.access_key, "not the secret")
    store = open_bucket(s3_server, bucket, wrong)

    with pytest.raises(PermissionDeniedError):
        await obstore.put_async(store, "item", b"value")
