"""The unary methods under load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from services.contracts.enforcement.v1 import enforcement_pb2
from services.contracts.prompt_filter.v1 import prompt_filter_pb2


@dataclass(frozen=True, slots=True)
class Method:
    """A method's full name in parts, and its messages."""

    service: str
    name: str
    request: type[Any]
    response: type[Message]

    @property
    def path(self) -> str:
        """As HTTP/2 names it."""
        return f"/{self.service}/{self.name}"


CHECK_PROMPT = Method(
    "palisade.prompt_filter.v1.PromptFilterService",
    "CheckPrompt",
    prompt_filter_pb2.CheckPromptRequest,
    prompt_filter_pb2.CheckPromptResponse,
)
CHECK_PROMPTS = Method(
    "palisade.prompt_filter.v1.PromptFilterService",
    "CheckPrompts",
    prompt_filter_pb2.CheckPromptsRequest,
    prompt_filter_pb2.CheckPromptsResponse,
)
CHECK_ACCESS = Method(
    "palisade.enforcement.v1.EnforcementService",
    "CheckAccess",
    enforcement_pb2.CheckAccessRequest,
    enforcement_pb2.CheckAccessResponse,
)
METHODS = (CHECK_PROMPT, CHECK_PROMPTS, CHECK_ACCESS)
