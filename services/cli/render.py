"""Results as tables for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.chassis.errors import PalisadeError
from services.cli.job import Named

Columns = Mapping[str, Callable[[Any], str]]
"""Heading, and the cell it shows of an answer."""

_STYLES = {"ALLOW": "green", "LABEL": "yellow", "REVIEW": "magenta", "BLOCK": "bold red"}


def print_results(results: Iterable[Named], columns: Columns) -> None:
    """A row each; an error takes the place of the cells it could not fill."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for heading in ("id", *columns):
        # Folded, not cut: ids and hashes are there to be copied.
        table.add_column(heading, overflow="fold")
    for each in results:
        named = each.line()["id"]
        name = _escape("" if named is None else str(named))
        if isinstance(each.result, PalisadeError):
            table.add_row(name, f"[red]{each.result.code}[/]: {_escape(each.result.message)}")
        else:
            table.add_row(name, *(cell(each.result) for cell in columns.values()))
    Console().print(table)


def print_object(title: str, values: Mapping[str, object]) -> None:
    """One object, a field a row."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, show_header=False)
    for name, value in values.items():
        table.add_row(name.replace("_", " "), _escape(str(value)))
    Console().print(table)


def decision(answer: Mapping[str, Any]) -> str:
    name = str(answer["decision"])
    return f"[{_STYLES.get(name, 'default')}]{name}[/]"


def categories(answer: Mapping[str, Any]) -> str:
    """Scores worth a look, the highest first."""
    scores = {name: score for name, score in answer["categories"].items() if score is not None}
    shown = sorted((item for item in scores.items() if item[1] >= 0.005), key=lambda item: -item[1])
    return "\n".join(f"{name} {score:.2f}" for name, score in shown) or "–"


def reasons(answer: Mapping[str, Any]) -> str:
    """Category, rule and place of each; never the text at that place."""
    return "\n".join(_reason(each) for each in answer["reasons"]) or "–"


def absent(answer: Mapping[str, Any]) -> str:
    return "\n".join(_escape(f"{each['detector']}: {each['cause']}") for each in answer["absent"]) or "–"


def score(name: str) -> Callable[[Mapping[str, Any]], str]:
    """The cell that shows one score, as those of categories are shown."""
    return lambda answer: f"{answer[name]:.2f}"


def field(name: str) -> Callable[[Mapping[str, Any]], str]:
    """The cell that shows one field as it is."""
    return lambda answer: "–" if answer[name] is None else _escape(str(answer[name]))


def _reason(reason: Mapping[str, Any]) -> str:
    place = "" if reason.get("start") is None else f" at {reason['start']}-{reason['end']}"
    return _escape(f"{reason['category']} ({reason['severity']}) by {reason['rule']}{place}")


def _escape(text: str) -> str:
    from rich.markup import escape

    # Control characters of a path or an id must not reach the terminal.
    return escape("".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text))
