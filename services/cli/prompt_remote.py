"""Prompts checked by a server, many a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from services.chassis.errors import PalisadeError
from services.chassis.signals import Outcome
from services.chassis.translate import (
    absent_from_proto,
    decision_from_proto,
    reason_from_proto,
    scores_from_proto,
)
from services.cli.job import AnswerBatch, Result
from services.cli.options import ServerOptions
from services.cli.prompt import verdict_answer
from services.cli.remote import Connection, answered, connect
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2_grpc as pb_grpc
from services.prompt_filter.prompt import Prompt, PromptVerdict

# Well below what a gRPC server takes in one message by default.
_CALL_BYTES = 1024 * 1024


@contextmanager
def remote_checks(server: ServerOptions) -> Iterator[AnswerBatch[Prompt]]:
    """Answers batches by CheckPrompts."""
    with connect(server) as connection:
        yield _Checks(connection)


class _Checks:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stub = pb_grpc.PromptFilterServiceStub(connection.channel)

    def __call__(self, prompts: Sequence[Prompt]) -> list[Result]:
        return self._connection.runner.run(self._check(prompts))

    async def _check(self, prompts: Sequence[Prompt]) -> list[Result]:
        results: list[Result] = []
        for group in _groups([_message(prompt) for prompt in prompts]):
            results += await self._call(group)
        return results

    async def _call(self, group: list[pb.Prompt]) -> list[Result]:
        request = pb.CheckPromptsRequest(prompts=group)
        try:
            call = self._stub.CheckPrompts(request, timeout=self._connection.timeout)
            response = await answered(call)
        except PalisadeError as error:
            return [error] * len(group)
        return [read_result(result) for result in response.results]


def _message(prompt: Prompt) -> pb.Prompt:
    return pb.Prompt(
        id=prompt.id,
        text=prompt.text,
        negative_text=prompt.negative_text,
        has_reference_face=prompt.has_reference_face,
    )


def _groups(messages: Sequence[pb.Prompt]) -> Iterator[list[pb.Prompt]]:
    """As many together as one call takes, at least one."""
    group: list[pb.Prompt] = []
    size = 0
    for message in messages:
        if group and size + message.ByteSize() > _CALL_BYTES:
            yield group
            group, size = [], 0
        group.append(message)
        size += message.ByteSize()
    if group:
        yield group


def read_result(result: pb.PromptResult) -> Result:
    """What a server said of one prompt."""
    if result.WhichOneof("result") == "error":
        return PalisadeError(result.error.message, code=result.error.code)
    verdict = result.verdict
    outcome = Outcome(
        decision_from_proto(verdict.decision),
        tuple(reason_from_proto(reason) for reason in verdict.reasons),
        tuple(absent_from_proto(signal) for signal in verdict.absent),
        verdict.policy_version,
    )
    scores = scores_from_proto(verdict.scores)
    # A server from before there was `harm` leaves it out, and 0 would say harmless.
    harm = max([verdict.harm, *scores.values()])
    return verdict_answer(PromptVerdict(verdict.id, scores, harm, outcome, verdict.model_version))
