"""The client's side: a channel to a Palisade service, as the command line and the tests open it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import grpc

from services.chassis.errors import SettingsError

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

_SERVICE_CONFIG = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.1s",
                "maxBackoff": "2s",
                "backoffMultiplier": 2,
                # A server that drains answers UNAVAILABLE, or CANCELLED where no handler had begun
                # (grpc/grpc#41785). Repeating is safe: every call is idempotent by its ids.
                "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "CANCELLED"],
            },
        }
    ],
}


@dataclass(frozen=True, slots=True)
class ClientTls:
    """PEM bytes: the server's CA (None: the system's), and a client certificate for mTLS."""

    server_ca: bytes | None = None
    certificate: bytes | None = None
    key: bytes | None = None


def open_channel(
    address: str,
    *,
    api_key: str | None = None,
    tls: ClientTls | None = None,
    max_message_bytes: int = 4 * 1024 * 1024,
) -> grpc.aio.Channel:
    """A channel with retries, keepalive and round robin over all addresses of `host:port`.

    SettingsError where an API key would leave this machine in plain text.
    """
    options = [
        ("grpc.service_config", json.dumps(_SERVICE_CONFIG)),
        ("grpc.enable_retries", 1),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.max_receive_message_length", max_message_bytes),
        ("grpc.max_send_message_length", max_message_bytes),
    ]
    interceptors = [kind(api_key) for kind in _BEARERS] if api_key else []
    if tls is None:
        if api_key and address.rpartition(":")[0] not in _LOOPBACK:
            raise SettingsError(f"an API key goes to {address} only over TLS")
        return grpc.aio.insecure_channel(address, options=options, interceptors=interceptors)
    credentials = grpc.ssl_channel_credentials(tls.server_ca, tls.key, tls.certificate)
    return grpc.aio.secure_channel(address, credentials, options=options, interceptors=interceptors)


class _Bearer:
    """Adds the API key to the metadata of a call."""

    def __init__(self, api_key: str) -> None:
        self._header = ("authorization", f"Bearer {api_key}")

    def _with_key(self, details: grpc.aio.ClientCallDetails) -> grpc.aio.ClientCallDetails:
        return grpc.aio.ClientCallDetails(
            method=details.method,
            timeout=details.timeout,
            metadata=grpc.aio.Metadata(*(details.metadata or ()), self._header),
            credentials=details.credentials,
            wait_for_ready=details.wait_for_ready,
        )


class _UnaryUnary(_Bearer, grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(
        self, continuation: Any, client_call_details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(self._with_key(client_call_details), request)


class _UnaryStream(_Bearer, grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(
        self, continuation: Any, client_call_details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(self._with_key(client_call_details), request)


class _StreamUnary(_Bearer, grpc.aio.StreamUnaryClientInterceptor):
    async def intercept_stream_unary(
        self, continuation: Any, client_call_details: grpc.aio.ClientCallDetails, request_iterator: Any
    ) -> Any:
        return await continuation(self._with_key(client_call_details), request_iterator)


class _StreamStream(_Bearer, grpc.aio.StreamStreamClientInterceptor):
    async def intercept_stream_stream(
        self, continuation: Any, client_call_details: grpc.aio.ClientCallDetails, request_iterator: Any
    ) -> Any:
        return await continuation(self._with_key(client_call_details), request_iterator)


# gRPC takes an interceptor for one kind of call only, told by its class.
_BEARERS = (_UnaryUnary, _UnaryStream, _StreamUnary, _StreamStream)
