"""gRPC in and out. Translates, decides nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

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
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.gathering import GatheredChecks
from services.prompt_filter.messages import (
    EncodedVerdicts,
    decided,
    event_key,
    prompts_from_proto,
    results_from,
)
from services.prompt_filter.prompt import Prompt
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
        self._encoded = EncodedVerdicts()

    async def CheckPrompt(self, request: pb.CheckPromptRequest, context: _Context) -> pb.CheckPromptResponse:
        call = current_call()
        (prompt,) = prompts_from_proto([request.prompt])
        judge = self._filters.of(call.tenant)
        _accept(judge, prompt)
        verdict = await self._gathered.check(judge, prompt)
        response = pb.CheckPromptResponse()
        response.verdict.MergeFromString(self._encoded.of(verdict, call.tenant))
        self._metrics.record_outcome("prompt", verdict.outcome)
        if self._outgoing is not None:
            await self._announce(self._outgoing, [(prompt, response.verdict)], call)
        return response

    async def CheckPrompts(
        self, request: pb.CheckPromptsRequest, context: _Context
    ) -> pb.CheckPromptsResponse:
        if len(request.prompts) > self._max_batch:
            raise TooLargeError(f"{len(request.prompts)} prompts in a batch, {self._max_batch} are allowed")
        return await self._check(prompts_from_proto(request.prompts), current_call())

    async def StreamPrompts(
        self, request_iterator: AsyncIterator[pb.StreamPromptsRequest], context: _Context
    ) -> AsyncIterator[pb.StreamPromptsResponse]:
        call = current_call()
        async for request in request_iterator:
            checked = await self._check(prompts_from_proto([request.prompt]), call)
            yield pb.StreamPromptsResponse(result=checked.results[0])

    async def _check(self, prompts: Sequence[Prompt], call: Call) -> pb.CheckPromptsResponse:
        """A result for each prompt; one that cannot be judged gets its error, the rest go on."""
        judge = self._filters.of(call.tenant)
        refused = _refused(judge, prompts)
        accepted = (
            [one for number, one in enumerate(prompts) if number not in refused] if refused else prompts
        )
        verdicts = judge.check_all(accepted)
        self._metrics.record_outcomes("prompt", [verdict.outcome for verdict in verdicts])
        encoded: list[bytes | pb.PromptResult] = [self._encoded.of(one, call.tenant) for one in verdicts]
        for number, result in refused.items():
            encoded.insert(number, result)
        response = results_from(encoded)
        if self._outgoing is not None:
            answered = (one.verdict for number, one in enumerate(response.results) if number not in refused)
            await self._announce(self._outgoing, zip(accepted, answered, strict=True), call)
        return response

    async def _announce(
        self, outgoing: Outgoing, answers: Iterable[tuple[Prompt, pb.PromptVerdict]], call: Call
    ) -> None:
        """Send what was decided on its way to Kafka."""
        now = self._clock.now()
        for prompt, verdict in answers:
            event = decided(prompt, verdict, tenant=call.tenant, occurred_at=now, request_id=call.request_id)
            await outgoing.send(
                topics.PROMPT_DECISIONS, key=event_key(prompt), value=event.SerializeToString()
            )


def _refused(judge: PromptFilter, prompts: Sequence[Prompt]) -> dict[int, pb.PromptResult]:
    """Results of the prompts that cannot be judged as they are, by number, in order."""
    if judge.allows(prompts) and all(prompt.id for prompt in prompts):
        return {}
    refused = {}
    for number, prompt in enumerate(prompts):
        try:
            _accept(judge, prompt)
        except InvalidInputError as error:
            refused[number] = pb.PromptResult(error=translate.error_to_proto(error))
    return refused


def _accept(judge: PromptFilter, prompt: Prompt) -> None:
    """InvalidInputError where a prompt cannot be judged as it is."""
    if not prompt.id:
        raise InvalidInputError("prompt.id is empty", code="MISSING_ID")
    judge.check_length(prompt)
