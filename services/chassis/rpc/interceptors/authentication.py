"""Who calls: tenant and roles by API key."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import UnauthenticatedError
from services.chassis.rpc.api_keys import ApiKeys
from services.chassis.rpc.call import EMBEDDED_TENANT
from services.chassis.rpc.interceptors.chain import Incoming, Serve

HEADER = "authorization"
SCHEME = "Bearer "


class Authentication:
    """Demands `authorization: Bearer <key>` and refuses what no stored hash confirms."""

    def __init__(self, keys: ApiKeys) -> None:
        self._keys = keys

    def wrap(self, method: str, serve: Serve) -> Serve:
        del method
        keys = self._keys

        async def authenticated(request: Any, call: Incoming) -> Any:
            header = call.metadata.get(HEADER)
            if not isinstance(header, str) or not header.startswith(SCHEME):
                raise UnauthenticatedError("an API key is needed: authorization: Bearer <key>")
            caller = await keys.caller(header.removeprefix(SCHEME))
            call.tenant, call.roles = caller.tenant, caller.roles
            return await serve(request, call)

        return authenticated


class NoAuthentication:
    """Everyone is the embedded tenant; only the embedded profile accepts this."""

    def wrap(self, method: str, serve: Serve) -> Serve:
        del method

        async def local(request: Any, call: Incoming) -> Any:
            call.tenant = EMBEDDED_TENANT
            return await serve(request, call)

        return local
