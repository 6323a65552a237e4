"""CheckPrompt and CheckPrompts: calls and prompts for each CPU second of the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product

import uvloop

from loadtests.closed_loop import Target
from loadtests.echo import BARE, ECHO, echo_server
from loadtests.figures import Aim, Benchmark, Comparison, Figure, scaled
from loadtests.methods import CHECK_PROMPT, CHECK_PROMPTS
from loadtests.prompt_traffic import (
    Traffic,
    batch_requests,
    new_captions,
    running,
    single_requests,
    some_listed,
    unseen_words,
)
from loadtests.server_process import ServerProcess, serving_service

_ROUNDS = 7
_BATCH_ROUNDS = 3
_CALLERS = 16
_BATCH_CALLERS = 2
_BATCH_SIZES = (100, 500)
_SHARE_OF_ECHO = Aim(0.6)
_NEW, _UNSEEN, _LISTED, _RUNNING = "new captions", "unseen words", "listed terms", "running traffic"
_WARM_UP = 4_000
# The rarest caption of running traffic comes once in 16,000; a filter that runs has met it.
_WARM_UPS = {_RUNNING: 40_000}
# None for what the encoder reads, whose time depends on how much that is.
_BATCHED = {_NEW: Aim(20_000), _UNSEEN: Aim(20_000), _LISTED: None, _RUNNING: Aim(80_000)}

_VARIANTS = {
    "without classifier": {"PALISADE_FILTER": '{"classifier": null}'},
    "with classifier": {},
}


def unary(scale: float) -> list[Figure]:
    """CheckPrompt beside an echo of the same request."""
    return uvloop.run(_unary(scale))


async def _unary(scale: float) -> list[Figure]:
    calls = scaled(1_500, scale, least=2)
    traffic = some_listed()
    with _servers(controls=(BARE, ECHO)) as servers:
        targets = {name: Target(server, CHECK_PROMPT, callers=_CALLERS) for name, server in servers.items()}
        for target in targets.values():
            await target.warm(single_requests(traffic(scaled(1_000, scale))))
        for _ in range(
            scaled(_ROUNDS, scale)
        ):  # in turn, so that a busy moment of the machine strikes all alike
            for target in targets.values():
                await target.round(single_requests(traffic(calls)), items=calls)
    return [_unary_figure(name, targets) for name in targets]


def _unary_figure(name: str, targets: Mapping[str, Target]) -> Figure:
    load = targets[name].load
    controls = (
        {ECHO: _SHARE_OF_ECHO, BARE: None} if name in _VARIANTS else {BARE: None} if name == ECHO else {}
    )
    comparisons = tuple(
        Comparison(control, load.share_of(targets[control].load), aim) for control, aim in controls.items()
    )
    what = f"CheckPrompt {name}" if name in _VARIANTS else name
    return Figure(what, load.rate, "calls / CPU s", load.latency, comparisons=comparisons)


@dataclass(frozen=True, slots=True)
class _BatchCase:
    """One server under one kind of traffic in batches of one size."""

    server: str
    kind: str
    traffic: Traffic
    size: int
    target: Target

    async def round(self, scale: float) -> None:
        prompts = scaled(10_000, scale, least=2 * self.size)
        await self.target.round(batch_requests(self.traffic(prompts), self.size), items=prompts)

    def figure(self, echo: _BatchCase) -> Figure:
        load = self.target.load
        what = f"{self.size} a call, {self.kind}, {self.server}"
        comparisons = () if self is echo else (Comparison(ECHO, load.share_of(echo.target.load)),)
        aim = None if self is echo else _BATCHED[self.kind]
        return Figure(what, load.rate, "prompts / CPU s", load.latency, aim, comparisons)


def batch(scale: float) -> list[Figure]:
    """CheckPrompts in batches of 100 and 500, by kind of traffic, beside an echo."""
    return uvloop.run(_batch(scale))


async def _batch(scale: float) -> list[Figure]:
    figures = []
    # Made once, so that no case meets captions that an earlier one sent.
    kinds = {_NEW: new_captions(), _UNSEEN: unseen_words(), _LISTED: some_listed(), _RUNNING: running()}
    with _servers(controls=(ECHO,)) as servers:
        for size in _BATCH_SIZES:
            cases = list(_batch_cases(servers, kinds, size))
            for case in cases:
                prompts = scaled(_WARM_UPS.get(case.kind, _WARM_UP), scale)
                await case.target.warm(batch_requests(case.traffic(prompts), size))
            for _ in range(scaled(_BATCH_ROUNDS, scale)):
                for case in cases:
                    await case.round(scale)
            figures += [case.figure(cases[0]) for case in cases]
    return figures


def _batch_cases(
    servers: Mapping[str, ServerProcess], kinds: Mapping[str, Traffic], size: int
) -> Iterator[_BatchCase]:
    """The echo's first, then every kind of traffic by every variant."""

    def case(server: str, kind: str) -> _BatchCase:
        target = Target(servers[server], CHECK_PROMPTS, callers=_BATCH_CALLERS)
        return _BatchCase(server, kind, kinds[kind], size, target)

    yield case(ECHO, _NEW)
    for kind, variant in product(kinds, _VARIANTS):
        yield case(variant, kind)


@contextmanager
def _servers(controls: tuple[str, ...]) -> Iterator[dict[str, ServerProcess]]:
    """The controls and the prompt filter in both variants, each in its own process."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(echo_server(bare=name == BARE)) for name in controls}
        for name, settings in _VARIANTS.items():
            servers[name] = stack.enter_context(serving_service("prompt_filter", settings))
        yield servers


BENCHMARKS = (
    Benchmark(
        "unary",
        "CheckPrompt under 16 callers, each prompt a new caption; one in twenty carries a listed term. "
        "Controls: an *echo* of the same request on the services' own server, with all its interceptors, "
        "and a *bare echo* on grpc.aio alone. All on uvloop, each server in a process of its own; no broker.",
        unary,
    ),
    Benchmark(
        "batch",
        "CheckPrompts under 2 callers. *New captions*: no sentence twice, of words met before. *Unseen "
        "words*: two words in each caption that were never met. *Listed terms*: new captions, one in twenty "
        "with a listed term, which the classifier's encoder reads too; the lexicon and the linear stage "
        "settle nearly all of the former two. *Running traffic*: 2,000 captions over and over, the n-th most "
        "frequent 1/n as often as the first, one in twenty with a listed term; nearly all were met before. "
        "Control: an echo of the same batch on the services' own server.",
        batch,
    ),
)
