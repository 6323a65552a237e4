"""Composition root of the enforcement service."""

from __future__ import annotations

from collections.abc import Sequence

import grpc

from services.chassis.assembly import Assembly
from services.chassis.rpc.call import EMBEDDED_TENANT
from services.chassis.rpc.server import RpcService
from services.chassis.service import Component, Service
from services.chassis.streams.stage import Driver
from services.contracts.enforcement.v1 import enforcement_pb2_grpc
from services.contracts.vocabulary import Feature
from services.enforcement.access import Access
from services.enforcement.adapters.sql.database import Database
from services.enforcement.adapters.sql.engine import open_engine
from services.enforcement.adapters.sql.ledger import SqlLedger
from services.enforcement.adapters.sql.outbox import SqlOutbox
from services.enforcement.enforcement import Enforcement, build_enforcement
from services.enforcement.known_ladders import KnownLadders
from services.enforcement.ladder import Ladder
from services.enforcement.ledger import Entry
from services.enforcement.metrics import EnforcementMetrics
from services.enforcement.relay import OutboxRelay
from services.enforcement.rpc import SERVICE_NAME, EnforcementServicer
from services.enforcement.settings import EnforcementSettings
from services.enforcement.stream import stages
from services.enforcement.translate import SOURCE, announcement


def build(settings: EnforcementSettings) -> Service:
    """The whole process: RPC, the stages on decisions, the database and the relay of its outbox."""
    assembly = Assembly.of(SOURCE, settings)
    metrics = EnforcementMetrics(assembly.metrics.registry)
    engine = open_engine(settings.database.address, settings.database.pool)
    ledger = SqlLedger(engine, announcement)
    ladders = KnownLadders(Ladder.load(settings.enforcement.ladder), ledger)
    relay = OutboxRelay(
        SqlOutbox(engine),
        assembly.publisher,
        clock=assembly.clock,
        limits=settings.outbox.limits,
        observe=metrics.outbox_age,
    )
    enforcement = build_enforcement(
        ledger,
        ladders,
        tenant=EMBEDDED_TENANT,
        clock=assembly.clock,
        limits=settings.enforcement.limits,
        view=settings.access.view,
        when_unavailable=settings.access.when_unavailable,
        observer=_Observer(metrics, relay),
    )
    database = Database(engine, migrates=settings.database.migrate == "at_start", opened=ladders.register)
    # Without a broker the announcements wait in the outbox for a process that has one.
    components: list[Component] = [database, relay] if settings.kafka.bootstrap_servers else [database]
    handlers = stages(enforcement, driver=assembly.driver(Driver.FAUST), limits=assembly.window_limits())
    return assembly.service(
        rpc=[_rpc(enforcement, check_roles=settings.auth.mode != "off")],
        stages=handlers,
        components=components,
    )


class _Observer:
    """Counts, and wakes the relay."""

    def __init__(self, metrics: EnforcementMetrics, relay: OutboxRelay) -> None:
        self._metrics = metrics
        self._relay = relay

    def appended(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._metrics.appended(entry.event.kind)
        self._relay.wake()

    def checked(self, feature: Feature, access: Access) -> None:
        self._metrics.checked(feature, access)


def _rpc(enforcement: Enforcement, *, check_roles: bool) -> RpcService:
    servicer = EnforcementServicer(enforcement, check_roles=check_roles)

    def register(server: grpc.aio.Server) -> None:
        enforcement_pb2_grpc.add_EnforcementServiceServicer_to_server(servicer, server)

    return RpcService(SERVICE_NAME, register)
