"""Decisions in by Kafka. Translates, decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from services.chassis.errors import ConflictError, InvalidInputError, UnavailableError
from services.chassis.streams.event import Event
from services.chassis.streams.stage import Driver, RejectedEventError, RetryableError, Stage, WindowLimits
from services.chassis.streams.topics import JOINT_DECISIONS, MEDIA_SCANS
from services.chassis.translate import decision_from_proto, reason_from_proto
from services.contracts.common.v1 import common_pb2
from services.contracts.joint_scorer.v1 import joint_scorer_pb2
from services.contracts.media_scanner.v1 import media_scanner_pb2
from services.enforcement.decided import Decided
from services.enforcement.enforcement import Enforcement
from services.enforcement.translate import moment

Verdict = joint_scorer_pb2.JointVerdict | media_scanner_pb2.MediaVerdict
Read = Callable[[bytes], tuple[common_pb2.EventMeta, Decided]]
"""A record's value as its meta and the decision. DecodeError or InvalidInputError where it is none."""


def stages(enforcement: Enforcement, *, driver: Driver, limits: WindowLimits) -> tuple[Stage, Stage]:
    """One stage for each topic of decisions."""
    return (
        Stage(
            "enforcement.joint_decisions",
            JOINT_DECISIONS,
            DecisionHandler(enforcement, read_joint_decided),
            driver,
            limits,
        ),
        Stage(
            "enforcement.media_scans",
            MEDIA_SCANS,
            DecisionHandler(enforcement, read_media_scanned),
            driver,
            limits,
        ),
    )


@dataclass(frozen=True, slots=True)
class DecisionHandler:
    """Records the violation that a decision states; the same event again changes nothing."""

    enforcement: Enforcement
    read: Read

    async def __call__(self, event: Event) -> None:
        try:
            meta, decided = self.read(event.value)
            if not meta.tenant or not meta.event_id:
                raise RejectedEventError("meta names no tenant or no event id", code="MISSING_META")
            await self.enforcement.of(meta.tenant).record_decided(decided)
        except DecodeError as error:
            raise RejectedEventError("the value is not the topic's message", code="MALFORMED") from error
        except (InvalidInputError, ConflictError) as error:
            raise RejectedEventError(error.message, code=error.code) from error
        except UnavailableError as error:
            raise RetryableError(error.message, code=error.code) from error


def read_joint_decided(value: bytes) -> tuple[common_pb2.EventMeta, Decided]:
    """JointDecided; the item is the generation."""
    message = joint_scorer_pb2.JointDecided.FromString(value)
    item = message.generation_id or message.verdict.id
    return message.meta, _decided(message.meta, message.account, item, message.verdict)


def read_media_scanned(value: bytes) -> tuple[common_pb2.EventMeta, Decided]:
    """MediaScanned; the item is the upload."""
    message = media_scanner_pb2.MediaScanned.FromString(value)
    return message.meta, _decided(message.meta, message.account, message.verdict.id, message.verdict)


def _decided(meta: common_pb2.EventMeta, account: str, item: str, verdict: Verdict) -> Decided:
    return Decided(
        event_id=meta.event_id,
        source=meta.source,
        account=account,
        item=item,
        decision=decision_from_proto(verdict.decision),
        reasons=tuple(reason_from_proto(reason) for reason in verdict.reasons),
        occurred_at=moment(meta.occurred_at),
    )
