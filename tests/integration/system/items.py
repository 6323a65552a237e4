"""Items that wait on a topic, their bytes in the object store."""

from __future__ import annotations

from services.chassis.ids import event_id
from services.chassis.objects.open import open_store
from services.chassis.objects.store import ObjectRef
from services.chassis.rpc.call import EMBEDDED_TENANT
from services.chassis.settings import ObjectSettings
from services.chassis.translate import event_meta, object_to_proto
from services.contracts.common.v1 import common_pb2
from services.contracts.image_classifier.v1 import image_classifier_pb2 as image_pb
from services.contracts.media_scanner.v1 import media_scanner_pb2 as media_pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb

_SOURCE = "front-end"
_VERSION = "none"
_OCCURRED_AT = 1_700_000_000.0


async def store(settings: ObjectSettings, content: bytes, content_type: str) -> ObjectRef:
    """Put the bytes where the services look for them."""
    objects = open_store(settings)
    try:
        return await objects.put(content, content_type=content_type)
    finally:
        await objects.close()


def queued_image(item: str, stored: ObjectRef, *, generation_id: str) -> image_pb.ImageQueued:
    """A picture that waits to be classified."""
    reference = object_to_proto(stored)
    return image_pb.ImageQueued(meta=_meta(item), id=item, generation_id=generation_id, object=reference)


def queued_media(item: str, stored: ObjectRef, *, account: str = "") -> media_pb.MediaQueued:
    """An upload that waits to be scanned."""
    return media_pb.MediaQueued(meta=_meta(item), id=item, account=account, object=object_to_proto(stored))


def queued_prompts(item: str, prompts: list[prompt_pb.Prompt]) -> prompt_pb.PromptsQueued:
    """Prompts that wait to be judged, in one record."""
    return prompt_pb.PromptsQueued(meta=_meta(item), prompts=prompts)


def _meta(item: str) -> common_pb2.EventMeta:
    identity = event_id(tenant=EMBEDDED_TENANT, source=_SOURCE, item=item, policy_version=_VERSION)
    return event_meta(
        event_id=identity,
        tenant=EMBEDDED_TENANT,
        source=_SOURCE,
        occurred_at=_OCCURRED_AT,
        policy_version=_VERSION,
    )
