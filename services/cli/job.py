"""What a command does with its items, wherever they come from and however they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from services.chassis.errors import PalisadeError
from services.chassis.signals import JsonValue
from services.cli.fields import Fields, Id

T = TypeVar("T")

Answer = Mapping[str, JsonValue]
Result = Answer | PalisadeError
AnswerBatch = Callable[[Sequence[T]], Sequence[Result]]
"""A result for each item, in order."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Named:
    """A result under the id it was asked by; None where the line had none that could be read."""

    id: Id | None
    result: Result

    def line(self) -> dict[str, JsonValue]:
        """The JSON object that scripts read. An answer may bring an id of its own."""
        if isinstance(self.result, PalisadeError):
            return {"id": self.id, "error": {"code": self.result.code, "message": self.result.message}}
        return {"id": self.id, **self.result}


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """One command's work.

    Attributes:
        parse: the item that an object's fields describe, given its id as text; InvalidInputError otherwise.
        answer: answers a batch.
        batch: most items answered together.
    """

    parse: Callable[[str, Fields], T]
    answer: AnswerBatch[T]
    batch: int

    def work(self, objects: Sequence[object]) -> list[Named]:
        """A result for each object, in order. One that is unfit, or is an error already, gets its error."""
        read = [self._read(each) for each in objects]
        results = iter(_ask(self.answer, [item.item for item in read if isinstance(item, _Item)]))
        return [Named(each.id, next(results)) if isinstance(each, _Item) else each for each in read]

    def _read(self, value: object) -> _Item[T] | Named:
        named: Id | None = None
        try:
            if isinstance(value, PalisadeError):
                return Named(None, value)
            if not isinstance(value, dict):
                return Named(None, PalisadeError("the line is not a JSON object", code="INVALID_JSON"))
            fields = Fields(value)
            named = fields.id()
            return _Item(named, self.parse(str(named), fields))
        except PalisadeError as error:
            return Named(named, error)


@dataclass(frozen=True, slots=True)
class _Item(Generic[T]):
    id: Id
    item: T


def attempt(ask: Callable[[T], Answer], item: T) -> Result:
    """One item's answer, or its named error as a value."""
    try:
        return ask(item)
    except PalisadeError as error:
        return error


def each(ask: Callable[[T], Answer]) -> AnswerBatch[T]:
    """Answers a batch one item after the other."""
    return lambda items: [attempt(ask, item) for item in items]


def _ask(answer: AnswerBatch[T], items: Sequence[T]) -> Sequence[Result]:
    """Answer a batch; where it fails as a whole, its items alone, so that only the guilty one fails."""
    if not items:
        return []
    try:
        return answer(items)
    except Exception as error:  # noqa: BLE001 - boundary: an item's failure is its answer, and the run goes on
        if len(items) > 1:
            return [result for item in items for result in _ask(answer, [item])]
        return [_named(error)]


def _named(error: Exception) -> PalisadeError:
    if isinstance(error, PalisadeError):
        return error
    # The type only: a message may quote the item.
    _log.error("item_failed", error=type(error).__name__)
    return PalisadeError("internal error")
