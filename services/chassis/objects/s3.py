"""Objects in an S3 bucket, through obstore."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store as Bucket

from services.chassis.errors import UnavailableError
from services.chassis.objects.checks import check_size, checked_content, checked_name
from services.chassis.objects.store import ObjectNotFoundError, ObjectRef, reference
from services.chassis.settings import ObjectSettings

if TYPE_CHECKING:
    from obstore.store import S3Config

_TIMEOUT = timedelta(seconds=30)
_RETRY_TIMEOUT = timedelta(seconds=20)


class ObjectStoreUnavailableError(UnavailableError):
    """S3 does not answer, or refuses; the cause is chained."""

    code = "OBJECT_STORE_UNAVAILABLE"


class S3Store:
    """One S3 object an item, `<prefix>/<sha256>`, created only where it does not exist."""

    def __init__(self, bucket: str, prefix: str, settings: ObjectSettings) -> None:
        """Opens no connection. Without an access key, obstore looks for the machine's own credentials."""
        self._bucket = Bucket(
            bucket,
            prefix=prefix or None,
            config=_config(settings),
            client_options={"allow_http": settings.allow_http, "timeout": _TIMEOUT},
            retry_config={"max_retries": 5, "retry_timeout": _RETRY_TIMEOUT},
        )

    async def put(self, content: bytes, *, content_type: str = "application/octet-stream") -> ObjectRef:
        """See `ObjectStore.put`."""
        stored = reference(content, content_type)
        try:
            await self._create(stored, content)
        except (BaseError, OSError) as error:
            raise ObjectStoreUnavailableError(f"object {stored.sha256} cannot be stored") from error
        return stored

    async def get(self, sha256: str, *, max_bytes: int) -> bytes:
        """See `ObjectStore.get`."""
        try:
            found = await obstore.get_async(self._bucket, checked_name(sha256))
            check_size(found.meta["size"], max_bytes)
            content = bytes(await found.bytes_async())
        except FileNotFoundError:
            raise ObjectNotFoundError(f"there is no object {sha256}") from None
        except (BaseError, OSError) as error:
            raise ObjectStoreUnavailableError(f"object {sha256} cannot be read") from error
        return checked_content(content, sha256)

    async def close(self) -> None:
        """obstore closes its connections with the store."""

    async def _create(self, stored: ObjectRef, content: bytes) -> None:
        attributes = {"Content-Type": stored.content_type}
        try:
            await obstore.put_async(
                self._bucket,
                stored.sha256,
                content,
                attributes=attributes,
                mode="create",
                use_multipart=False,
            )
        except AlreadyExistsError:
            present = await obstore.head_async(self._bucket, stored.sha256)
            if present["size"] != stored.size:
                await obstore.put_async(
                    self._bucket, stored.sha256, content, attributes=attributes, use_multipart=False
                )


def _config(settings: ObjectSettings) -> S3Config:
    config: S3Config = {"region": settings.region}
    if settings.endpoint:
        config["endpoint"] = settings.endpoint
    if settings.access_key_id:
        config["access_key_id"] = settings.access_key_id
        config["secret_access_key"] = settings.secret_access_key.get_secret_value()
    return config
