"""gRPC in and out. Translates, decides nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import grpc

from services.chassis import translate
from services.chassis.clock import Clock
from services.chassis.errors import InvalidInputError, PalisadeError, TooLargeError
from services.chassis.metrics import Metrics
from services.chassis.rpc.call import Call, current_call
from services.chassis.streams import topics
from services.chassis.streams.outgoing import Outgoing
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2_grpc as pb_grpc
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.gathering import GatheredChecks
from services.prompt_filter.messages import decided, event_key, prompt_from_proto, verdict_to_proto
from services.prompt_filter.prompt import Prompt, PromptVerdict
from services.prompt_filter.tenants import TenantFilters

_Context = grpc.aio.ServicerContext[object, object]


class PromptFilterServicer(pb_grpc.PromptFilterServiceServicer):
    """Serves CheckPrompt, CheckPrompts and StreamPrompts; `outgoing` is None where there is no Kafka."""

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
        self._gathered = GatheredChecks()

    async def CheckPrompt(self, request: pb.CheckPromptRequest, context: _Context) -> pb.CheckPromptResponse:
        call = current_call()
        prompt = prompt_from_proto(request.prompt)
        judge = self._filters.of(call.tenant)
        _accept(judge, prompt)
        verdict = await self._gathered.check(judge, prompt)
        return pb.CheckPromptResponse(verdict=await self._answered(prompt, verdict, call))

    async def CheckPrompts(
        self, request: pb.CheckPromptsRequest, context: _Context
    ) -> pb.CheckPromptsResponse:
        if len(request.prompts) > self._max_batch:
            raise TooLargeError(f"{len(request.prompts)} prompts in a batch, {self._max_batch} are allowed")
        prompts = [prompt_from_proto(message) for message in request.prompts]
        return pb.CheckPromptsResponse(results=await self._check(prompts, current_call()))

    async def StreamPrompts(
        self, request_iterator: AsyncIterator[pb.StreamPromptsRequest], context: _Context
    ) -> AsyncIterator[pb.StreamPromptsResponse]:
        call = current_call()
        async for request in request_iterator:
            (result,) = await self._check([prompt_from_proto(request.prompt)], call)
            yield pb.StreamPromptsResponse(result=result)

    async def _check(self, prompts: Sequence[Prompt], call: Call) -> list[pb.PromptResult]:
        """A result for each prompt, in order; one that cannot be judged gets its error, the rest go on."""
        judge = self._filters.of(call.tenant)
        refused: dict[int, PalisadeError] = {}
        for index, prompt in enumerate(prompts):
            try:
                _accept(judge, prompt)
            except InvalidInputError as error:
                refused[index] = error
        accepted = [prompt for index, prompt in enumerate(prompts) if index not in refused]
        verdicts = iter(judge.check_all(accepted))
        results = []
        for index, prompt in enumerate(prompts):
            if index in refused:
                results.append(pb.PromptResult(error=translate.error_to_proto(refused[index])))
            else:
                verdict = await self._answered(prompt, next(verdicts), call)
                results.append(pb.PromptResult(verdict=verdict))
        return results

    async def _answered(self, prompt: Prompt, verdict: PromptVerdict, call: Call) -> pb.PromptVerdict:
        """The verdict as a message, counted and on its way to Kafka."""
        self._metrics.record_outcome("prompt", verdict.outcome)
        message = verdict_to_proto(verdict, call.tenant)
        if self._outgoing is not None:
            event = decided(
                prompt, message, tenant=call.tenant, occurred_at=self._clock.now(), request_id=call.request_id
            )
            await self._outgoing.send(
                topics.PROMPT_DECISIONS, key=event_key(prompt), value=event.SerializeToString()
            )
        return message


def _accept(judge: PromptFilter, prompt: Prompt) -> None:
    """InvalidInputError where a prompt cannot be judged as it is."""
    if not prompt.id:
        raise InvalidInputError("prompt.id is empty", code="MISSING_ID")
    judge.check_length(prompt)
