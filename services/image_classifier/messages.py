"""The classifier's values as protobuf messages. Translates, decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from services.chassis.errors import InvalidInputError
from services.chassis.ids import event_id
from services.chassis.objects.store import ObjectRef
from services.chassis.translate import (
    absent_to_proto,
    event_meta,
    object_to_proto,
    reason_to_proto,
    scores_to_proto,
)
from services.contracts.image_classifier.v1 import image_classifier_pb2 as pb
from services.image_classifier.classify import ImageVerdict
from services.imaging.hashes import ImageHash

SOURCE = "image_classifier"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose picture it is and what it belongs to.

    InvalidInputError (MISSING_TENANT, MISSING_ID) where it cannot be told from others.
    """

    tenant: str
    id: str
    account: str = ""
    generation_id: str = ""
    request_id: str = ""

    def __post_init__(self) -> None:
        if not self.tenant:
            raise InvalidInputError("the image belongs to no tenant", code="MISSING_TENANT")
        if not self.id:
            raise InvalidInputError("the image has no id", code="MISSING_ID")

    @property
    def key(self) -> bytes:
        """What orders this picture's events: its generation, or itself where it has none."""
        return (self.generation_id or self.id).encode()


def classified(
    subject: Subject, verdict: ImageVerdict, *, at: float, stored: ObjectRef | None
) -> pb.ImageClassified:
    """The event that states a verdict, the verdict in it; `at` in seconds since the epoch."""
    outcome = verdict.outcome
    version = outcome.policy_version
    identity = event_id(tenant=subject.tenant, source=SOURCE, item=subject.id, policy_version=version)
    meta = event_meta(
        event_id=identity,
        tenant=subject.tenant,
        source=SOURCE,
        occurred_at=at,
        policy_version=version,
        request_id=subject.request_id,
    )
    message = pb.ImageVerdict(
        id=subject.id,
        decision=int(outcome.decision),
        scores=scores_to_proto(verdict.scores),
        reasons=[reason_to_proto(reason) for reason in outcome.reasons],
        absent=[absent_to_proto(signal) for signal in outcome.absent],
        policy_version=version,
        model_versions=verdict.models,
        event_id=identity,
        object=object_to_proto(stored) if stored else None,
    )
    return pb.ImageClassified(
        meta=meta, account=subject.account, generation_id=subject.generation_id, verdict=message
    )


def hash_to_proto(item: str, identity: ImageHash) -> pb.ImageHash:
    return pb.ImageHash(
        id=item,
        pdq=bytes.fromhex(identity.pdq),
        quality=identity.quality,
        sha256=bytes.fromhex(identity.sha256),
        width=identity.width,
        height=identity.height,
    )
