"""gRPC in and out. Translates, decides nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import grpc

from services.chassis import translate
from services.chassis.clock import Clock
from services.chassis.errors import InvalidInputError, TooLargeError
from services.chassis.metrics import Metrics
from services.chassis.rpc.call import Call, current_call
from services.chassis.streams import topics
from services.chassis.streams.outgoing import Outgoing
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2_grpc as pb_grpc
from services.prompt_filter.filter import PromptTooLongError
from services.prompt_filter.messages import decided, event_key, prompt_from_proto, verdict_to_proto
from services.prompt_filter.prompt import Prompt
from services.prompt_filter.tenants import TenantFilters

_Context = grpc.aio.ServicerContext[object, object]


class PromptFilterServicer(pb_grpc.PromptFilterServiceServicer):
    """Serves CheckPrompt, CheckPrompts and StreamPrompts."""

    def __init__(
        self,
        filters: TenantFilters,
        *,
        outgoing: Outgoing | None,
        metrics: Metrics,
        clock: Clock,
        max_batch: int,
    ) -> None:
        self._filters = filters
        self._outgoing = outgoing
        self._metrics = metrics
        self._clock = clock
        self._max_batch = max_batch

    async def CheckPrompt(self, request: pb.CheckPromptRequest, context: _Context) -> pb.CheckPromptResponse:
        prompt = prompt_from_proto(request.prompt)
        self._validate(prompt)
        (result,) = await self._check([prompt], current_call())
        if result.HasField("error"):
            raise PromptTooLongError(result.error.message)
        return pb.CheckPromptResponse(verdict=result.verdict)

    async def CheckPrompts(
        self, request: pb.CheckPromptsRequest, context: _Context
    ) -> pb.CheckPromptsResponse:
        if len(request.prompts) > self._max_batch:
            raise TooLargeError(f"{len(request.prompts)} prompts in a batch, {self._max_batch} are allowed")
        prompts = [prompt_from_proto(message) for message in request.prompts]
        for prompt in prompts:
            self._validate(prompt)
        return pb.CheckPromptsResponse(results=await self._check(prompts, current_call()))

    async def StreamPrompts(
        self, request_iterator: AsyncIterator[pb.StreamPromptsRequest], context: _Context
    ) -> AsyncIterator[pb.StreamPromptsResponse]:
        call = current_call()
        async for request in request_iterator:
            prompt = prompt_from_proto(request.prompt)
            self._validate(prompt)
            (result,) = await self._check([prompt], call)
            yield pb.StreamPromptsResponse(result=result)

    def _validate(self, prompt: Prompt) -> None:
        if not prompt.id:
            raise InvalidInputError("prompt.id is empty", code="MISSING_ID")

    async def _check(self, prompts: Sequence[Prompt], call: Call) -> list[pb.PromptResult]:
        """A result for each prompt, in order; one that is too long gets its error and the rest go on."""
        judge = self._filters.of(call.tenant)
        results: dict[int, pb.PromptResult] = {}
        accepted: list[tuple[int, Prompt]] = []
        for index, prompt in enumerate(prompts):
            try:
                judge.check_length(prompt)
                accepted.append((index, prompt))
            except PromptTooLongError as error:
                results[index] = pb.PromptResult(error=translate.error_to_proto(error))
        verdicts = judge.check_all([prompt for _, prompt in accepted])
        for (index, prompt), verdict in zip(accepted, verdicts, strict=True):
            self._metrics.record_outcome("prompt", verdict.outcome)
            message = verdict_to_proto(verdict, call.tenant)
            await self._publish(prompt, message, call)
            results[index] = pb.PromptResult(verdict=message)
        return [results[index] for index in range(len(prompts))]

    async def _publish(self, prompt: Prompt, verdict: pb.PromptVerdict, call: Call) -> None:
        if self._outgoing is None:
            return
        event = decided(
            prompt, verdict, tenant=call.tenant, occurred_at=self._clock.now(), request_id=call.request_id
        )
        await self._outgoing.send(
            topics.PROMPT_DECISIONS, key=event_key(prompt), value=event.SerializeToString()
        )
