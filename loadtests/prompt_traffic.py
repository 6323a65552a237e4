"""Kinds of prompt traffic, and requests made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from loadtests.captions import Captions, repeated
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb

_LISTED = 0.05
_POOL = 2_000

Traffic = Callable[[int], list[str]]
"""Gives the next so many texts."""


def new_captions() -> Traffic:
    """No sentence twice, of words met before."""
    return Captions(1).take


def unseen_words() -> Traffic:
    """The same with two words in each caption that were never met."""
    return Captions(2, unseen=2).take


def some_listed() -> Traffic:
    """No sentence twice; one in twenty carries a listed term, so that all stages are asked."""
    return Captions(4, listed=_LISTED).take


def running() -> Traffic:
    """2,000 captions over and over, the n-th most frequent 1/n as often as the first; listed as above."""
    pool = Captions(3, unseen=1, listed=_LISTED).take(_POOL)
    seeds = count()
    return lambda number: repeated(pool, number, next(seeds))


def single_requests(texts: list[str]) -> list[pb.CheckPromptRequest]:
    """A CheckPrompt request each."""
    return [pb.CheckPromptRequest(prompt=prompt) for prompt in _prompts(texts)]


def batch_requests(texts: list[str], size: int) -> list[pb.CheckPromptsRequest]:
    """CheckPrompts requests of `size` prompts; the last may hold fewer."""
    prompts = list(_prompts(texts))
    return [
        pb.CheckPromptsRequest(prompts=prompts[start : start + size])
        for start in range(0, len(prompts), size)
    ]


def _prompts(texts: list[str]) -> Iterator[pb.Prompt]:
    for number, text in enumerate(texts):
        yield pb.Prompt(id=f"prompt-{number}", text=text, account=f"account-{number % 1000}")
