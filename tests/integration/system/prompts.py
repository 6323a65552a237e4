"""Prompts of known kinds. What must be blocked is composed of listed terms by their ids, and never shown."""

from __future__ import annotations

from functools import cache

from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.demo.disguises import Placeholders

_choose = cache(Placeholders.choose)


def benign(item: str, *, account: str = "", generation_id: str = "") -> pb.Prompt:
    """A prompt that nobody minds."""
    return pb.Prompt(id=item, text="a lighthouse at dawn", account=account, generation_id=generation_id)


def blocked(item: str, *, account: str = "", generation_id: str = "") -> pb.Prompt:
    """A listed term as it is: blocked as sexual."""
    text = _choose().explicit.term
    return pb.Prompt(id=item, text=text, account=account, generation_id=generation_id)


def suspending(item: str, *, account: str, generation_id: str = "") -> pb.Prompt:
    """A conjunction of two listed terms, for which the ladder suspends at once."""
    placeholders = _choose()
    text = f"{placeholders.suggestive.term}, {placeholders.minor.term}"
    return pb.Prompt(id=item, text=text, account=account, generation_id=generation_id)
