"""Keeping judged pictures where moderators and later checks can find them."""

from __future__ import annotations

import structlog

from services.chassis.errors import UnavailableError
from services.chassis.objects.store import ObjectRef, ObjectStore
from services.chassis.signals import AbsentSignal
from services.contracts.vocabulary import AbsenceCause

_log = structlog.get_logger(__name__)

_LOST = AbsentSignal("object_store", AbsenceCause.FAILED, "the picture was judged but not kept")


class Retention:
    """Stores pictures in the object store; does nothing where none is configured."""

    def __init__(self, objects: ObjectStore | None) -> None:
        self._objects = objects

    async def keep(self, content: bytes, content_type: str) -> ObjectRef | AbsentSignal | None:
        """The reference, None where nothing is kept, or what to state where the store failed.

        A verdict does not wait for a store that is down: the caller still learns it.
        """
        if self._objects is None:
            return None
        try:
            return await self._objects.put(content, content_type=content_type or _UNKNOWN)
        except UnavailableError as error:
            _log.warning("image_not_kept", code=error.code)
            return _LOST


_UNKNOWN = "application/octet-stream"
