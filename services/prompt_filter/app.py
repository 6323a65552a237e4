"""Composition root: wires settings, domain and transports into one service."""

from __future__ import annotations

from services.chassis.assembly import Assembly
from services.chassis.rpc.server import RpcService
from services.chassis.service import Service
from services.chassis.streams import topics
from services.chassis.streams.stage import Driver, Stage
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2_grpc as pb_grpc
from services.prompt_filter.loading import load_filters
from services.prompt_filter.refreshing import TenantRefresh
from services.prompt_filter.rpc import PromptFilterServicer
from services.prompt_filter.settings import PromptFilterSettings
from services.prompt_filter.stream import QueuedPrompts

NAME = "prompt_filter"


def build(settings: PromptFilterSettings) -> Service:
    """The prompt filter as it runs."""
    assembly = Assembly.of(NAME, settings)
    filters = load_filters(settings.filter)
    servicer = PromptFilterServicer(
        filters,
        outgoing=assembly.outgoing if settings.kafka.bootstrap_servers else None,
        metrics=assembly.metrics,
        clock=assembly.clock,
        max_batch=settings.filter.max_batch,
    )
    handler = QueuedPrompts(
        filters, publisher=assembly.publisher, metrics=assembly.metrics, clock=assembly.clock
    )
    backfill = Stage(
        "prompt_filter.backfill",
        topics.PROMPT_REQUESTS,
        handler,
        driver=assembly.driver(Driver.AIOKAFKA),
        limits=assembly.window_limits(),
    )
    refresh = TenantRefresh(
        filters, every_seconds=settings.filter.tenants_refresh_seconds, clock=assembly.clock
    )
    assembly.metrics.declare(items=["prompt"], stages=[backfill.name])
    rpc = RpcService(
        pb.DESCRIPTOR.services_by_name["PromptFilterService"].full_name,
        lambda server: pb_grpc.add_PromptFilterServiceServicer_to_server(servicer, server),
    )
    return assembly.service(rpc=[rpc], stages=[backfill], components=[refresh])
