"""What a run found, as sections of tables, gates and slices that stand out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.prompt_filter.evaluation.slices import Slice

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its heading and what has to be known to read it."""

    title: str
    note: str
    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """A bar and what was reached; `at_least` tells on which side of it is good."""

    name: str
    bar: float
    reached: float
    at_least: bool = True

    @property
    def passed(self) -> bool:
        return self.reached >= self.bar if self.at_least else self.reached <= self.bar


@dataclass
class Findings:
    """Grows as suites are judged."""

    shortfalls: Mapping[str, float] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    standing_out: list[Slice] = field(default_factory=list)
    rules: list[tuple[str, str, int]] = field(default_factory=list)

    def failed(self) -> list[Gate]:
        """Gates that were missed."""
        return [gate for gate in self.gates if not gate.passed]

    def gate(self, name: str, bar: float, reached: float, *, at_least: bool = True) -> None:
        """A figure has to reach its bar, or the one that a known shortfall puts in its place."""
        self.gates.append(Gate(name, self.shortfalls.get(name, bar), reached, at_least))

    def gate_recall(self, name: str, bar: float, slices: Sequence[Slice]) -> None:
        """Each slice with anything to find has to reach the bar."""
        for one in slices:
            if one.recall is not None:
                self.gate(f"{name}: {one.value}", bar, one.recall.value)

    def gate_false_positives(self, name: str, bar: float, slices: Sequence[Slice]) -> None:
        """Each slice with anything innocent has to stay under the bar."""
        for one in slices:
            if one.false_positives is not None:
                self.gate(f"{name}: {one.value}", bar, one.false_positives.value, at_least=False)


SLICE_HEADER: Row = ("slice", "recall", "labelled", "false positives", "F1")


def slice_rows(slices: Sequence[Slice]) -> tuple[Row, ...]:
    """One row a slice."""
    return tuple(
        (
            one.value,
            str(one.recall) if one.recall else "–",
            f"{one.labelled:.1%}" if one.recall else "–",
            one.false_positives.percent() if one.false_positives else "–",
            f"{one.f1.value:.3f} [{one.f1.low:.3f}, {one.f1.high:.3f}]" if one.f1 else "–",
        )
        for one in slices
    )
