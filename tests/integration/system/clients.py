"""The five services as their callers see them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

import grpc

from services.chassis.rpc.channel import open_channel
from services.contracts.enforcement.v1 import enforcement_pb2 as enforcement_pb
from services.contracts.enforcement.v1.enforcement_pb2_grpc import EnforcementServiceStub
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb
from services.contracts.prompt_filter.v1.prompt_filter_pb2_grpc import PromptFilterServiceStub

if TYPE_CHECKING:  # these names exist in the stubs alone
    from services.contracts.enforcement.v1.enforcement_pb2_grpc import EnforcementServiceAsyncStub
    from services.contracts.prompt_filter.v1.prompt_filter_pb2_grpc import PromptFilterServiceAsyncStub

TIMEOUT_SECONDS = 20.0


class Clients:
    """A channel to each service, and the calls that several tests make."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self.channels: Mapping[str, grpc.aio.Channel] = {
            name: open_channel(address) for name, address in addresses.items()
        }
        self.prompts: PromptFilterServiceAsyncStub = PromptFilterServiceStub(self.channels["prompt_filter"])
        self.enforcement: EnforcementServiceAsyncStub = EnforcementServiceStub(self.channels["enforcement"])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(channel.close() for channel in self.channels.values()))

    async def check(self, prompt: prompt_pb.Prompt) -> prompt_pb.PromptVerdict:
        """CheckPrompt's verdict."""
        request = prompt_pb.CheckPromptRequest(prompt=prompt)
        return (await self.prompts.CheckPrompt(request, timeout=TIMEOUT_SECONDS)).verdict

    async def may_generate(self, account: str) -> enforcement_pb.CheckAccessResponse:
        """CheckAccess to generate."""
        request = enforcement_pb.CheckAccessRequest(account=account, feature=enforcement_pb.FEATURE_GENERATE)
        return await self.enforcement.CheckAccess(request, timeout=TIMEOUT_SECONDS)

    async def standing(self, account: str) -> enforcement_pb.Standing:
        """GetStanding."""
        request = enforcement_pb.GetStandingRequest(account=account)
        return (await self.enforcement.GetStanding(request, timeout=TIMEOUT_SECONDS)).standing

    async def events(self, account: str) -> list[enforcement_pb.AccountEvent]:
        """ListEvents, its first page."""
        request = enforcement_pb.ListEventsRequest(account=account, page_size=100)
        return list((await self.enforcement.ListEvents(request, timeout=TIMEOUT_SECONDS)).events)
