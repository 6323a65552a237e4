"""Pairs scored by a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from services.chassis.signals import Outcome, Scores
from services.chassis.translate import (
    absent_from_proto,
    decision_from_proto,
    reason_from_proto,
    scores_to_proto,
)
from services.cli.aio import side_by_side
from services.cli.job import Answer, AnswerBatch
from services.cli.joint import Pair, outcome_answer
from services.cli.options import ServerOptions
from services.cli.remote import answered, connect
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as pb
from services.contracts.joint_scorer.v1 import joint_scorer_pb2_grpc as pb_grpc

_AT_ONCE = 32


@contextmanager
def remote_scorer(server: ServerOptions) -> Iterator[AnswerBatch[Pair]]:
    """Answers by ScoreJoint."""
    with connect(server) as connection:
        stub = pb_grpc.JointScorerServiceStub(connection.channel)

        async def ask(pair: Pair) -> Answer:
            request = pb.ScoreJointRequest(id=pair.id, prompt=_half(pair.prompt), image=_half(pair.image))
            response = await answered(stub.ScoreJoint(request, timeout=connection.timeout))
            return outcome_answer(_outcome(response.verdict))

        yield side_by_side(connection.runner, ask, at_once=_AT_ONCE)


def _half(scores: Scores | None) -> pb.ModalityScores | None:
    return None if scores is None else pb.ModalityScores(scores=scores_to_proto(scores))


def _outcome(message: pb.JointVerdict) -> Outcome:
    return Outcome(
        decision_from_proto(message.decision),
        tuple(reason_from_proto(reason) for reason in message.reasons),
        tuple(absent_from_proto(signal) for signal in message.absent),
        message.policy_version,
    )
