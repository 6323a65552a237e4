"""Composition root: the joint scorer wired from its settings."""

from __future__ import annotations

from collections.abc import Sequence

from services.chassis.assembly import Assembly
from services.chassis.rpc.server import RpcService
from services.chassis.service import Component, Service
from services.chassis.streams.stage import Driver, Stage
from services.chassis.streams.topics import IMAGE_SIGNALS, PROMPT_DECISIONS
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as pb
from services.contracts.joint_scorer.v1 import joint_scorer_pb2_grpc as pb_grpc
from services.joint_scorer.adapters.memory import MemoryPendingHalves
from services.joint_scorer.joiner import ITEM, Joiner
from services.joint_scorer.policy import DEFAULT_POLICY, JointPolicy
from services.joint_scorer.ports import PendingHalves
from services.joint_scorer.rpc import JointScorerServicer
from services.joint_scorer.settings import JointScorerSettings, JointSettings
from services.joint_scorer.stream import Halves, Statements, read_image_classified, read_prompt_decided
from services.joint_scorer.sweeper import Sweeper

NAME = "joint_scorer"


def build(settings: JointScorerSettings) -> Service:
    """The whole service. SettingsError or PolicyError where they cannot be started with."""
    assembly = Assembly.of(NAME, settings)
    policy = JointPolicy.load(settings.joint.policy or DEFAULT_POLICY)
    assembly.metrics.declare(items=[ITEM])
    rpc = [_rpc(assembly, policy)]
    if not settings.kafka.bootstrap_servers:
        return assembly.service(rpc=rpc)
    halves, store = _store(settings.joint)
    joiner = Joiner(
        halves, Statements(assembly.publisher), policy, clock=assembly.clock, metrics=assembly.metrics
    )
    components = [*store, _sweeper(assembly, settings.joint, joiner)]
    return assembly.service(rpc=rpc, stages=_stages(assembly, joiner), components=components)


def _rpc(assembly: Assembly, policy: JointPolicy) -> RpcService:
    servicer = JointScorerServicer(policy, assembly.outgoing, clock=assembly.clock, metrics=assembly.metrics)
    full_name = pb.DESCRIPTOR.services_by_name["JointScorerService"].full_name
    return RpcService(
        full_name, lambda server: pb_grpc.add_JointScorerServiceServicer_to_server(servicer, server)
    )


def _stages(assembly: Assembly, joiner: Joiner) -> list[Stage]:
    driver, limits = assembly.driver(Driver.FAUST), assembly.window_limits()
    prompts = Halves(joiner, read_prompt_decided, clock=assembly.clock)
    images = Halves(joiner, read_image_classified, clock=assembly.clock)
    return [
        Stage(f"{NAME}.prompts", PROMPT_DECISIONS, prompts, driver, limits),
        Stage(f"{NAME}.images", IMAGE_SIGNALS, images, driver, limits),
    ]


def _store(settings: JointSettings) -> tuple[PendingHalves, Sequence[Component]]:
    url = settings.database_url.get_secret_value()
    if not url:
        return MemoryPendingHalves(), ()
    from services.joint_scorer.adapters.sql import SqlPendingHalves

    halves = SqlPendingHalves.at(url)
    return halves, (halves,)


def _sweeper(assembly: Assembly, settings: JointSettings, joiner: Joiner) -> Sweeper:
    return Sweeper(
        joiner,
        clock=assembly.clock,
        interval_seconds=settings.sweep_interval_seconds,
        restate_after_seconds=settings.restate_after_seconds,
        batch=settings.sweep_batch,
    )
