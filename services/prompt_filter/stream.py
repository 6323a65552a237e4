"""Kafka in and out: queued prompts are judged, their decisions published. Decides nothing itself."""

from __future__ import annotations

import asyncio

from google.protobuf.message import DecodeError

from services.chassis.clock import Clock
from services.chassis.metrics import Metrics
from services.chassis.streams import topics
from services.chassis.streams.event import Event
from services.chassis.streams.publisher import Publisher
from services.chassis.streams.stage import RejectedEventError
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.prompt_filter.filter import PromptTooLongError
from services.prompt_filter.messages import decided, event_key, prompts_from_proto, verdict_to_proto
from services.prompt_filter.tenants import TenantFilters


class QueuedPrompts:
    """Handles `prompt.requests`: a record carries many prompts of one tenant."""

    def __init__(
        self, filters: TenantFilters, *, publisher: Publisher, metrics: Metrics, clock: Clock
    ) -> None:
        self._filters = filters
        self._publisher = publisher
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, event: Event) -> None:
        """Judge and publish every prompt of the record; it is done when all are acknowledged."""
        queued = _parsed(event.value)
        tenant = queued.meta.tenant
        prompts = prompts_from_proto(queued.prompts)
        try:
            verdicts = self._filters.of(tenant).check_all(prompts)
        except PromptTooLongError as error:
            raise RejectedEventError(error.message, code=error.code) from error
        self._metrics.record_outcomes("prompt", [verdict.outcome for verdict in verdicts])
        now = self._clock.now()
        sends = []
        for prompt, verdict in zip(prompts, verdicts, strict=True):
            message = decided(prompt, verdict_to_proto(verdict, tenant), tenant=tenant, occurred_at=now)
            sends.append(
                self._publisher.publish(
                    topics.PROMPT_DECISIONS, key=event_key(prompt), value=message.SerializeToString()
                )
            )
        await asyncio.gather(*sends)


def _parsed(value: bytes) -> pb.PromptsQueued:
    try:
        queued = pb.PromptsQueued.FromString(value)
    except DecodeError as error:
        raise RejectedEventError("not a PromptsQueued message", code="MALFORMED") from error
    if not queued.meta.tenant:
        raise RejectedEventError("meta.tenant is empty", code="MISSING_TENANT")
    return queued
