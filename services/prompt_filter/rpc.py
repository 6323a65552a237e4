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
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.gathering import GatheredChecks
from services.prompt_filter.messages import VerdictMessages, decided, event_key, prompt_from_proto
from services.prompt_filter.prompt import Prompt, PromptVerdict
from services.prompt_filter.tenants import TenantFilters

_Answer = tuple[Prompt, PromptVerdict, pb.PromptVerdict]
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
        self._messages = VerdictMessages()

    async def CheckPrompt(self, request: pb.CheckPromptRequest, context: _Context) -> pb.CheckPromptResponse:
        call = current_call()
        prompt = prompt_from_proto(request.prompt)
        judge = self._filters.of(call.tenant)
        _accept(judge, prompt)
        verdict = await self._gathered.check(judge, prompt)
        response = pb.CheckPromptResponse()
        await self._answer([(prompt, verdict, response.verdict)], call)
        return response

    async def CheckPrompts(
        self, request: pb.CheckPromptsRequest, context: _Context
    ) -> pb.CheckPromptsResponse:
        if len(request.prompts) > self._max_batch:
            raise TooLargeError(f"{len(request.prompts)} prompts in a batch, {self._max_batch} are allowed")
        prompts = [prompt_from_proto(message) for message in request.prompts]
        response = pb.CheckPromptsResponse()
        await self._check(prompts, [response.results.add() for _ in prompts], current_call())
        return response

    async def StreamPrompts(
        self, request_iterator: AsyncIterator[pb.StreamPromptsRequest], context: _Context
    ) -> AsyncIterator[pb.StreamPromptsResponse]:
        call = current_call()
        async for request in request_iterator:
            response = pb.StreamPromptsResponse()
            await self._check([prompt_from_proto(request.prompt)], [response.result], call)
            yield response

    async def _check(self, prompts: Sequence[Prompt], results: Sequence[pb.PromptResult], call: Call) -> None:
        """Fill a result for each prompt; one that cannot be judged gets its error, the rest go on."""
        judge = self._filters.of(call.tenant)
        accepted = []
        for prompt, result in zip(prompts, results, strict=True):
            try:
                _accept(judge, prompt)
            except InvalidInputError as error:
                result.error.CopyFrom(translate.error_to_proto(error))
            else:
                accepted.append((prompt, result))
        verdicts = judge.check_all([prompt for prompt, _ in accepted])
        answers = [
            (prompt, verdict, result.verdict)
            for (prompt, result), verdict in zip(accepted, verdicts, strict=True)
        ]
        await self._answer(answers, call)

    async def _answer(self, answers: Sequence[_Answer], call: Call) -> None:
        """Write the verdicts into their messages, count them and send them on their way to Kafka."""
        self._metrics.record_outcomes("prompt", [verdict.outcome for _, verdict, _ in answers])
        for _, verdict, message in answers:
            self._messages.write(verdict, call.tenant, message)
        if self._outgoing is not None:
            now = self._clock.now()
            for prompt, _, message in answers:
                event = decided(
                    prompt, message, tenant=call.tenant, occurred_at=now, request_id=call.request_id
                )
                await self._outgoing.send(
                    topics.PROMPT_DECISIONS, key=event_key(prompt), value=event.SerializeToString()
                )


def _accept(judge: PromptFilter, prompt: Prompt) -> None:
    """InvalidInputError where a prompt cannot be judged as it is."""
    if not prompt.id:
        raise InvalidInputError("prompt.id is empty", code="MISSING_ID")
    judge.check_length(prompt)
