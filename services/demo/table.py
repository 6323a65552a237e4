"""What happened, as a table a person enjoys reading."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from services.contracts.common.v1 import common_pb2 as pb
from services.contracts.vocabulary import AbsenceCause, Category, Decision, ProvenanceVerdict

T = TypeVar("T")
_COLOURS = {
    Decision.ALLOW: "green",
    Decision.LABEL: "cyan",
    Decision.REVIEW: "yellow",
    Decision.BLOCK: "red",
}


class Results:
    """Rows of one part of the tour: item, decision, why, what was absent, how long it took."""

    def __init__(self, title: str) -> None:
        self._table = Table(title=title, title_justify="left", title_style="bold", expand=True)
        for name, style in (("item", ""), ("decision", ""), ("why", "dim"), ("absent", "dim")):
            self._table.add_column(name, style=style, overflow="fold")
        self._table.add_column("ms", justify="right")

    def add(
        self,
        item: str,
        decision: int,
        reasons: Iterable[pb.Reason],
        absent: Iterable[pb.AbsentSignal],
        milliseconds: float,
        *,
        note: str = "",
    ) -> None:
        """One verdict."""
        word = Decision(decision)
        why = "\n".join([*([note] if note else []), *dict.fromkeys(map(_reason, reasons))])
        missing = ", ".join(f"{one.detector} ({AbsenceCause(one.cause).label})" for one in absent)
        colour = _COLOURS[word]
        self._table.add_row(item, f"[{colour}]{word.name}[/{colour}]", why, missing, f"{milliseconds:.1f}")

    def show(self, console: Console) -> None:
        console.print(self._table)


def provenance(verdict: int, by: Iterable[str]) -> str:
    """The one verdict on AI generation, in words."""
    sources = ", ".join(by)
    return f"AI: {ProvenanceVerdict(verdict).label}" + (f" by {sources}" if sources else "")


def _reason(reason: pb.Reason) -> str:
    place = f" at {reason.span.start}–{reason.span.end}" if reason.HasField("span") else ""
    return f"{Category(reason.category).label}: {reason.rule}{place}"


async def timed(call: Awaitable[T]) -> tuple[T, float]:
    """The answer, and how many milliseconds it took."""
    begin = time.perf_counter()
    answer = await call
    return answer, (time.perf_counter() - begin) * 1000
