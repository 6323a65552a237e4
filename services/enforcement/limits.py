"""What may be said of an account, and how long it may be. Nothing unfit reaches the ledger."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, replace

from services.chassis.errors import InvalidInputError, TooLargeError
from services.enforcement.events import Violation, to_the_microsecond


@dataclass(frozen=True, slots=True)
class InputLimits:
    """Lengths in code points.

    `clock_skew_seconds` is how far ahead of ours a caller's clock may run; a violation
    said to happen later than that is a mistake, and would outlive its window.
    """

    account: int = 200
    item: int = 200
    event_id: int = 200
    actor: int = 200
    statement: int = 5_000
    clock_skew_seconds: float = 300.0
    page: int = 500

    def check_account(self, account: str) -> str:
        return _identifier("account", account, self.account)

    def check_event_id(self, event_id: str) -> str:
        return _identifier("event_id", event_id, self.event_id)

    def check_moderator(self, moderator: str) -> str:
        """The name without the blanks around it: `Ann` and `Ann ` are one person."""
        return _identifier("moderator", moderator.strip(), self.actor)

    def check_statement(self, statement: str) -> str:
        """Free text; may be empty, may have several lines."""
        if len(statement) > self.statement:
            raise TooLargeError(f"statement is over {self.statement} characters", code="STATEMENT_TOO_LONG")
        if not _storable(statement) or "\x00" in statement:
            raise InvalidInputError("statement is not valid text", code="INVALID_STATEMENT")
        return statement

    def check_page(self, page_size: int) -> int:
        """Events a page; 0 takes the largest page."""
        if not 0 <= page_size <= self.page:
            raise InvalidInputError(f"page_size must be 0..{self.page}", code="INVALID_PAGE_SIZE")
        return page_size or self.page

    def check_violation(self, violation: Violation, *, now: float) -> Violation:
        """The violation as it may be recorded; InvalidInputError says which field is unfit."""
        self.check_account(violation.account)
        _identifier("item", violation.item, self.item)
        _identifier("actor", violation.actor, self.actor)
        if violation.event_id:
            self.check_event_id(violation.event_id)
        if violation.occurred_at is None:
            return violation
        return replace(violation, occurred_at=self._moment(violation.occurred_at, now))

    def _moment(self, occurred_at: float, now: float) -> float:
        if not math.isfinite(occurred_at) or occurred_at <= 0:
            raise InvalidInputError("occurred_at is no moment after 1970", code="INVALID_OCCURRED_AT")
        if occurred_at > now + self.clock_skew_seconds:
            raise InvalidInputError("occurred_at lies in the future", code="OCCURRED_IN_FUTURE")
        return to_the_microsecond(occurred_at)


def _identifier(field: str, value: str, longest: int) -> str:
    name = field.upper()
    if not value:
        raise InvalidInputError(f"{field} is missing", code=f"MISSING_{name}")
    if len(value) > longest:
        raise TooLargeError(f"{field} is over {longest} characters", code=f"{name}_TOO_LONG")
    if not _storable(value) or any(unicodedata.category(char) == "Cc" for char in value):
        raise InvalidInputError(f"{field} holds control or unpaired characters", code=f"INVALID_{name}")
    return value


def _storable(text: str) -> bool:
    """Whether a database takes it: JSON can carry lone surrogates, which UTF-8 cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in text)
