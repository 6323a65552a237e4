"""The client's side: keys, retries, and no key in plain text over the network."""

from __future__ import annotations

import json
from pathlib import Path

import grpc
import pytest

from services.chassis.errors import OverloadedError, SettingsError, UnavailableError
from services.chassis.rpc.api_keys import hash_key
from services.chassis.rpc.channel import open_channel
from services.chassis.settings import AuthSettings
from tests.integration.rpc.echo import KINDS, Echo, running, send

Code = grpc.StatusCode


@pytest.mark.parametrize("kind", KINDS)
async def test_the_api_key_goes_with_every_kind_of_call(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [hash_key("acme.key").model_dump()]}))
    async with (
        running(auth=AuthSettings(keys_file=file)) as it,
        open_channel(f"127.0.0.1:{it.server.port}", api_key="acme.key") as channel,
    ):
        answer = await send(channel, kind, b"a", b"b", metadata=(("x-request-id", "kept"),))
    assert (answer.code, answer.trailing["x-request-id"]) == (Code.OK, "kept")
    assert it.echo.calls[0].tenant == "acme"


@pytest.mark.parametrize("error", [UnavailableError("soon"), OverloadedError("busy", retry_seconds=0.01)])
async def test_what_may_pass_is_tried_again(error: Exception) -> None:
    attempts = 0

    async def fail_twice() -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise error

    async with (
        running(Echo(serve=fail_twice)) as it,
        open_channel(f"127.0.0.1:{it.server.port}") as channel,
    ):
        answer = await send(channel, "unary_unary", b"a")
    assert (answer.code, attempts) == (Code.OK, 3)


@pytest.mark.parametrize("address", ["palisade.example:443", "10.0.0.1:50051", "127.0.0.1.example:1"])
def test_a_key_does_not_leave_the_machine_in_plain_text(address: str) -> None:
    with pytest.raises(SettingsError, match="only over TLS"):
        open_channel(address, api_key="acme.key")
