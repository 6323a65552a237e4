"""Around every call: one small shape for all four kinds of RPC.

gRPC knows four kinds of behaviour (unary or stream in, unary or stream out). Here each is
turned once, when its method is first called, into one coroutine `Serve`; a stream of responses
is written through the call's context. An interceptor therefore wraps one shape only, and a call
costs one coroutine for each interceptor, whatever its kind and however many messages it has.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import grpc

from services.chassis.rpc.call import Call, enter_call

if TYPE_CHECKING:  # generic in the stubs only
    _Handler = grpc.RpcMethodHandler[Any, Any]


@dataclass(slots=True)
class Incoming:
    """A call on its way inwards; interceptors fill in what they find out.

    Attributes:
        deadline: on the service clock's monotonic scale, seconds.
        code: how the call was refused or failed, once it was.
    """

    method: str
    context: grpc.aio.ServicerContext[Any, Any]
    metadata: Mapping[str, str | bytes]
    request_id: str = ""
    tenant: str = ""
    roles: frozenset[str] = frozenset()
    deadline: float = 0.0
    code: grpc.StatusCode | None = None


Serve = Callable[[Any, Incoming], Awaitable[Any]]
"""Takes the request (or the iterator over them); returns the response, None where it streams."""


class Interceptor(Protocol):
    """Wraps the serving of one method; called once for each method, not for each call."""

    def wrap(self, method: str, serve: Serve) -> Serve:
        """Return `serve` with something before, after or around it."""


class InterceptorChain(grpc.aio.ServerInterceptor):
    """Puts the interceptors, the first outermost, around the methods of the named services.

    Other services (health, reflection) are served bare.
    """

    def __init__(self, interceptors: Sequence[Interceptor], *, services: Sequence[str]) -> None:
        self._interceptors = tuple(interceptors)
        self._services = frozenset(services)
        self._handlers: dict[str, _Handler] = {}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[_Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> _Handler | None:
        """The wrapped handler of the method, or None where nobody serves it."""
        method = handler_call_details.method
        known = self._handlers.get(method)
        if known is not None:
            return known
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        if method.split("/")[1] in self._services:
            handler = self._wrap(method, handler)
        self._handlers[method] = handler
        return handler

    def _wrap(self, method: str, handler: _Handler) -> _Handler:
        serve = _innermost(handler)
        for interceptor in reversed(self._interceptors):
            serve = interceptor.wrap(method, serve)

        async def behaviour(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
            return await serve(request, Incoming(method, context, dict(context.invocation_metadata() or ())))

        construct = _constructor(handler)
        return construct(behaviour, handler.request_deserializer, handler.response_serializer)


def _innermost(handler: _Handler) -> Serve:
    """The handler's own behaviour, run as the current call."""
    # Only the attribute of the handler's own kind is set.
    behaviours = (handler.unary_unary, handler.stream_unary, handler.unary_stream, handler.stream_stream)
    behaviour: Any = next(behaviour for behaviour in behaviours if behaviour is not None)

    async def unary(request: Any, call: Incoming) -> Any:
        enter_call(Call(call.request_id, call.tenant, call.roles, call.deadline))
        return await behaviour(request, call.context)

    async def streamed(request: Any, call: Incoming) -> None:
        enter_call(Call(call.request_id, call.tenant, call.roles, call.deadline))
        responses = behaviour(request, call.context)
        if not isinstance(responses, AsyncGenerator):
            await responses  # a coroutine that writes for itself
            return
        async with aclosing(responses):
            async for response in responses:
                await call.context.write(response)

    return streamed if handler.response_streaming else unary


def _constructor(handler: _Handler) -> Callable[..., _Handler]:
    kinds: dict[tuple[bool, bool], Callable[..., _Handler]] = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }
    return kinds[bool(handler.request_streaming), bool(handler.response_streaming)]
