"""What a benchmark yields: figures, the controls they are held against, and the aims they should reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Self


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles of the time from call to answer, in milliseconds."""

    p50: float
    p90: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Self:
        """From single measurements; two at least."""
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(*(1000 * cuts[percent - 1] for percent in (50, 90, 99)))


@dataclass(frozen=True, slots=True)
class Aim:
    """A bound on a figure: `at_least`, or else at most."""

    bound: float
    at_least: bool = True

    def met(self, value: float) -> bool:
        """Whether the value keeps to the bound."""
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figure as a share of its control's, from the same run."""

    control: str
    share: float
    aim: Aim | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured rate or time.

    Attributes:
        unit: of `value`, such as `calls / CPU s`.
        aim: on the value itself; aims on shares stand in the comparisons.
    """

    what: str
    value: float
    unit: str
    latency: Latency | None = None
    aim: Aim | None = None
    comparisons: tuple[Comparison, ...] = ()

    @property
    def missed(self) -> bool:
        """Whether any aim is missed."""
        pairs = [(self.aim, self.value), *((one.aim, one.share) for one in self.comparisons)]
        return any(aim is not None and not aim.met(value) for aim, value in pairs)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A named benchmark.

    Attributes:
        about: what is measured and how, one paragraph, as the report prints it.
        run: measures; 1.0 is the full size, smaller scales measure less, down to a call or two.
    """

    name: str
    about: str
    run: Callable[[float], list[Figure]]


def scaled(count: int, scale: float, *, least: int = 1) -> int:
    """`count` at this scale, never below `least`."""
    return max(least, round(count * scale))
