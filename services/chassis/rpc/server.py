"""The gRPC server of a service process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import grpc
from grpc_reflection.v1alpha import reflection

from services.chassis.clock import Clock
from services.chassis.errors import SettingsError, UnavailableError
from services.chassis.metrics import Metrics
from services.chassis.rpc.api_keys import ApiKeys
from services.chassis.rpc.health import SERVICE_NAME as HEALTH_NAME
from services.chassis.rpc.health import Health
from services.chassis.rpc.interceptors.authentication import Authentication, NoAuthentication
from services.chassis.rpc.interceptors.chain import Interceptor, InterceptorChain
from services.chassis.rpc.interceptors.concurrency import ConcurrencyLimit
from services.chassis.rpc.interceptors.deadline import Deadline
from services.chassis.rpc.interceptors.draining import DrainGate
from services.chassis.rpc.interceptors.errors import ErrorMapping
from services.chassis.rpc.interceptors.metrics import CallMetrics
from services.chassis.rpc.interceptors.request_id import RequestId
from services.chassis.rpc.tls import Certificates
from services.chassis.settings import AuthSettings, GrpcSettings

# Longer than any process is given to end: the limit on a drain is the lifecycle's.
_DRAIN_SECONDS = 3600.0
# Long enough for calls that are already in gRPC's queue to reach a handler.
_REFUSING_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class RpcService:
    """A gRPC service: its full proto name, and what adds its servicer to a server."""

    name: str
    register: Callable[[grpc.aio.Server], None]


class GrpcServer:
    """Serves the RPC services with health, behind the interceptors; a Component and the Readiness."""

    name = "grpc_server"

    def __init__(
        self,
        settings: GrpcSettings,
        *,
        auth: AuthSettings,
        services: Sequence[RpcService],
        metrics: Metrics,
        clock: Clock,
        liveness: Callable[[], bool] = lambda: True,
    ) -> None:
        """Nothing is opened before `start`.

        Args:
            liveness: False where only a restart helps, for example when a stage is stalled.
        """
        self._settings = settings
        self._auth = auth
        self._services = tuple(services)
        self._metrics = metrics
        self._clock = clock
        self._liveness = liveness
        self._gate = DrainGate()
        self._health: Health | None = None
        self._server: grpc.aio.Server | None = None
        self._health_server: grpc.aio.Server | None = None
        self._port = 0
        self._health_port = 0

    @property
    def port(self) -> int:
        """The port that was bound; 0 before the start."""
        return self._port

    @property
    def health_port(self) -> int:
        """The bound port of the plaintext health address; 0 where there is none."""
        return self._health_port

    async def start(self) -> None:
        """Bind and serve, NOT_SERVING until `ready`; SettingsError or UnavailableError where that fails."""
        names = [service.name for service in self._services]
        self._health = Health(names, liveness=self._liveness, clock=self._clock)
        await self._health.start()
        self._server = self._build(names, self._health)
        self._port = self._bind(self._server, self._settings.address, tls=True)
        if self._settings.health_address:
            self._health_server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
            self._health.register(self._health_server)
            self._health_port = self._bind(self._health_server, self._settings.health_address, tls=False)
            await self._health_server.start()
        await self._server.start()

    async def ready(self) -> None:
        """Health says SERVING."""
        if self._health is not None:
            await self._health.set_ready(ready=True)

    async def not_ready(self) -> None:
        """Health says NOT_SERVING; calls are still accepted, for callers that have not noticed yet."""
        if self._health is not None:
            await self._health.set_ready(ready=False)

    async def drain(self) -> None:
        """Accept no more calls; return when every accepted one is answered."""
        if self._health is not None and self._server is not None:
            self._health.end_watches()
            self._gate.close()
            await self._clock.sleep(_REFUSING_SECONDS)
            await self._server.stop(_DRAIN_SECONDS)

    async def stop(self) -> None:
        """Cancel what is left and close the ports."""
        servers, self._server, self._health_server = (self._server, self._health_server), None, None
        if self._health is not None:
            await self._health.stop()
        for server in servers:
            if server is not None:
                await server.stop(None)

    def _build(self, names: Sequence[str], health: Health) -> grpc.aio.Server:
        chain = InterceptorChain(self._interceptors(), services=names)
        server = grpc.aio.server(interceptors=[chain], options=_options(self._settings))
        for service in self._services:
            service.register(server)
        health.register(server)
        if self._settings.reflection:
            reflection.enable_server_reflection([*names, HEALTH_NAME, reflection.SERVICE_NAME], server)
        return server

    def _interceptors(self) -> tuple[Interceptor, ...]:
        """Outermost first. Metrics and error mapping enclose what may refuse, so that both see it."""
        settings = self._settings
        return (
            RequestId(),
            CallMetrics(self._metrics, self._clock),
            ErrorMapping(),
            Deadline(
                self._clock,
                default_seconds=settings.default_deadline_seconds,
                min_seconds=settings.min_deadline_seconds,
            ),
            self._gate,
            self._authentication(),
            ConcurrencyLimit(settings.max_concurrent_calls),
        )

    def _authentication(self) -> Interceptor:
        if self._auth.mode == "off":
            return NoAuthentication()
        if self._auth.keys_file is None:
            raise SettingsError("PALISADE_AUTH__KEYS_FILE is needed with PALISADE_AUTH__MODE=api_key")
        return Authentication(ApiKeys(self._auth.keys_file, self._clock))

    def _bind(self, server: grpc.aio.Server, address: str, *, tls: bool) -> int:
        try:
            if tls and self._settings.tls is not None:
                credentials = Certificates(self._settings.tls).credentials()
                return server.add_secure_port(address, credentials)
            return server.add_insecure_port(address)
        except RuntimeError as error:
            raise UnavailableError(f"cannot listen on {address}") from error


def _options(settings: GrpcSettings) -> list[tuple[str, int]]:
    milliseconds = 1000
    return [
        # Two processes on one port would share its calls unnoticed.
        ("grpc.so_reuseport", 0),
        ("grpc.max_receive_message_length", settings.max_message_bytes),
        ("grpc.max_send_message_length", settings.max_message_bytes),
        # Connections end now and then, so that new replicas get their share; their calls may finish.
        ("grpc.max_connection_age_ms", round(settings.max_connection_age_seconds * milliseconds)),
        ("grpc.max_connection_age_grace_ms", round(settings.default_deadline_seconds * milliseconds)),
        ("grpc.keepalive_time_ms", 60 * milliseconds),
        ("grpc.keepalive_timeout_ms", 20 * milliseconds),
        ("grpc.keepalive_permit_without_calls", 1),
        # Clients may ping as often as channel.py makes them; stricter would close their connections.
        ("grpc.http2.min_ping_interval_without_data_ms", 10 * milliseconds),
    ]
