"""A service as production runs it: TLS and keys, or no answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
import pytest_asyncio

from services.chassis.rpc.api_keys import hash_key, new_key
from services.chassis.rpc.channel import ClientTls, open_channel
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.contracts.prompt_filter.v1.prompt_filter_pb2_grpc import PromptFilterServiceStub
from services.contracts.vocabulary import Decision
from services.demo.processes import ServiceProcess
from services.demo.system import free_addresses
from tests.integration.cli.command import Ended, palisade
from tests.integration.rpc.certificates import Authority
from tests.integration.system.clients import TIMEOUT_SECONDS
from tests.integration.system.prompts import benign

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Secured:
    """Where the service answers, who certified it, and a key that it knows."""

    address: str
    ca: bytes
    ca_file: Path
    api_key: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def secured(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Secured]:
    """The prompt filter with profile production, without Kafka."""
    folder = tmp_path_factory.mktemp("secured")
    authority, api_key = Authority("test authority"), new_key("tenant-a")
    authority.issue("prompt-filter").write(folder / "tls.crt", folder / "tls.key")
    (folder / "ca.crt").write_bytes(authority.certificate)
    entry = hash_key(api_key, roles=("service",)).model_dump()
    (folder / "keys.json").write_text(json.dumps({"keys": [entry]}))
    address, health_address, *_ = free_addresses().grpc.values()
    process = ServiceProcess(
        "prompt_filter",
        address=health_address,
        environment={
            "PALISADE_PROFILE": "production",
            "PALISADE_GRPC__ADDRESS": address,
            "PALISADE_GRPC__HEALTH_ADDRESS": health_address,
            "PALISADE_GRPC__TLS__CERTIFICATE": str(folder / "tls.crt"),
            "PALISADE_GRPC__TLS__KEY": str(folder / "tls.key"),
            "PALISADE_AUTH__KEYS_FILE": str(folder / "keys.json"),
            "PALISADE_METRICS__ADDRESS": "",
            "PALISADE_LIFECYCLE__PROPAGATION_SECONDS": "0",
        },
        log=folder / "prompt_filter.log",
    )
    await process.start()
    try:
        await process.serving()
        yield Secured(address, authority.certificate, folder / "ca.crt", api_key)
    finally:
        status = await process.stop()
    assert status == 0


async def check(channel: grpc.aio.Channel) -> pb.PromptVerdict:
    """CheckPrompt's verdict."""
    async with channel:
        request = pb.CheckPromptRequest(prompt=benign("p-1"))
        answer = await PromptFilterServiceStub(channel).CheckPrompt(request, timeout=TIMEOUT_SECONDS)
        return answer.verdict


async def test_a_known_key_is_answered(secured: Secured) -> None:
    channel = open_channel(secured.address, api_key=secured.api_key, tls=ClientTls(secured.ca))
    assert (await check(channel)).decision == Decision.ALLOW


@pytest.mark.parametrize("tenant", [None, "tenant-a", "tenant-b"])
async def test_without_a_known_key_nobody_is_answered(secured: Secured, tenant: str | None) -> None:
    api_key = new_key(tenant) if tenant else None
    channel = open_channel(secured.address, api_key=api_key, tls=ClientTls(secured.ca))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await check(channel)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_plain_text_and_strange_authorities_do_not_connect(secured: Secured) -> None:
    strange = ClientTls(Authority("strange authority").certificate)
    for tls in (None, strange):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await check(open_channel(secured.address, api_key=secured.api_key, tls=tls))
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_the_command_line_goes_over_tls_with_a_key(secured: Secured) -> None:
    async def ask(**variables: str) -> Ended:
        at = ("--server", secured.address, "--ca-file", str(secured.ca_file))
        return await palisade("prompt", "check", "--json", *at, "a lighthouse at dawn", **variables)

    answered = await ask(PALISADE_API_KEY=secured.api_key)
    assert (answered.status, answered.lines[0]["decision"]) == (0, "ALLOW")
    refused = await ask(PALISADE_API_KEY=new_key("tenant-a"))
    assert refused.status == 1
    assert "UNAUTHENTICATED" in refused.out + refused.err
