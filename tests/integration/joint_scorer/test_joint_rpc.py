"""ScoreJoint over a real gRPC connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest

from services.chassis.rpc.server import GrpcServer
from services.chassis.settings import (
    AuthSettings,
    GrpcSettings,
    KafkaSettings,
    LifecycleSettings,
    MetricsSettings,
    TlsSettings,
)
from services.chassis.translate import scores_to_proto
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as pb
from services.contracts.joint_scorer.v1 import joint_scorer_pb2_grpc as pb_grpc
from services.contracts.vocabulary import AbsenceCause, Category, Decision
from services.joint_scorer.app import build
from services.joint_scorer.settings import JointScorerSettings


@pytest.fixture
async def stub() -> AsyncIterator[pb_grpc.JointScorerServiceAsyncStub]:
    settings = JointScorerSettings(
        profile="embedded",
        auth=AuthSettings(mode="off"),
        grpc=GrpcSettings(address="127.0.0.1:0"),
        metrics=MetricsSettings(address=""),
        lifecycle=LifecycleSettings(propagation_seconds=0),
    )
    service = build(settings)
    await service.start()
    (server,) = (each for each in service._components if isinstance(each, GrpcServer))
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield pb_grpc.JointScorerServiceStub(channel)
    await service.drain()
    await service.stop()


def modality(decision: Decision | None = None, **scores: float) -> pb.ModalityScores:
    found = {Category[name.upper()]: score for name, score in scores.items()}
    return pb.ModalityScores(scores=scores_to_proto(found), decision=int(decision or 0))


async def test_both_halves_are_judged_together(stub: pb_grpc.JointScorerServiceAsyncStub) -> None:
    request = pb.ScoreJointRequest(id="1", prompt=modality(sexual=0.6), image=modality(sexual=0.75))
    verdict = (await stub.ScoreJoint(request)).verdict
    assert (verdict.id, verdict.decision) == ("1", Decision.BLOCK)
    assert verdict.scores[0].value > 0.75
    assert verdict.event_id


async def test_one_half_is_enough(stub: pb_grpc.JointScorerServiceAsyncStub) -> None:
    verdict = (
        await stub.ScoreJoint(pb.ScoreJointRequest(generation_id="g", image=modality(sexual=0.1)))
    ).verdict
    assert verdict.id == "g"
    assert [(each.detector, each.cause) for each in verdict.absent] == [
        ("prompt", AbsenceCause.MISSING_INPUT)
    ]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (pb.ScoreJointRequest(prompt=modality(sexual=0.6)), "MISSING_ID"),
        (pb.ScoreJointRequest(id="1"), "NOTHING_TO_SCORE"),
        (pb.ScoreJointRequest(id="1", prompt=modality(sexual=1.1)), "SCORE_OUT_OF_RANGE"),
        (pb.ScoreJointRequest(id="1", prompt=modality(Decision.BLOCK)), "DECISION_WITHOUT_SCORES"),
        (pb.ScoreJointRequest(id="1", prompt=pb.ModalityScores(decision=77)), "UNKNOWN_DECISION"),
    ],
)
async def test_bad_input_is_refused_by_name(
    stub: pb_grpc.JointScorerServiceAsyncStub, request_: pb.ScoreJointRequest, reason: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.ScoreJoint(request_)
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert dict(error.value.trailing_metadata() or ())["palisade-reason"] == reason


def test_production_does_not_join_in_memory(tmp_path: Path) -> None:
    pem = tmp_path / "pem"
    with pytest.raises(ValueError, match="database_url is needed"):
        JointScorerSettings(
            kafka=KafkaSettings(bootstrap_servers="kafka:9092"),
            auth=AuthSettings(keys_file=pem),
            grpc=GrpcSettings(tls=TlsSettings(certificate=pem, key=pem)),
        )
