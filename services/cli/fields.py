"""The fields of one JSON object, taken out by type."""

from __future__ import annotations

from collections.abc import Mapping

from services.chassis.errors import InvalidInputError
from services.contracts.vocabulary import Category

Id = str | int
"""What a caller names a line by; echoed as it came."""


class Fields:
    """Every method raises InvalidInputError (MISSING_FIELD, INVALID_FIELD) naming the field."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values

    def id(self) -> Id:
        """A string that is not empty, or a whole number."""
        value = self._present("id")
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise _invalid("id", "a string that is not empty, or a whole number")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        """A string; without a default it must be there."""
        value = self._present(name) if default is None else self.values.get(name, default)
        if not isinstance(value, str):
            raise _invalid(name, "a string")
        return value

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise _invalid(name, "true or false")
        return value

    def scores(self, name: str) -> dict[Category, float] | None:
        """Scores by category name; None where the field is absent or null. Also raises
        UNKNOWN_CATEGORY and SCORE_OUT_OF_RANGE."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _invalid(name, "an object of scores by category")
        return {_category(key): _score(key, score) for key, score in value.items()}

    def _present(self, name: str) -> object:
        if name not in self.values:
            raise InvalidInputError(f"{name} is missing", code="MISSING_FIELD")
        return self.values[name]


def _invalid(name: str, kind: str) -> InvalidInputError:
    return InvalidInputError(f"{name} must be {kind}", code="INVALID_FIELD")


def _category(name: str) -> Category:
    category = Category.__members__.get(name.upper())
    if category is None:
        known = ", ".join(each.label for each in Category)
        raise InvalidInputError(f"a category must be one of {known}", code="UNKNOWN_CATEGORY")
    return category


def _score(category: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(f"the score of {category.lower()}", "a number")
    # NaN fails the comparison too.
    if not 0 <= value <= 1:
        raise InvalidInputError(f"score of {category.lower()} is not in 0..1", code="SCORE_OUT_OF_RANGE")
    return float(value)
