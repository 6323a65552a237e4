"""What was worked out lately, for what comes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Remembered(Generic[_Key, _Value]):
    """At most `limit` values that were met once and `limit` that were asked for again.

    They are kept apart, so that a flood of keys that come once displaces only its like.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._once: dict[_Key, _Value] = {}
        self._again: dict[_Key, _Value] = {}

    def look_up(self, keys: Sequence[_Key]) -> list[_Value | None]:
        """The value of each key, None where it is not known."""
        found = list(map(self._again.get, keys))
        if None in found and not self._once.keys().isdisjoint(keys):
            for index, value in enumerate(found):
                if value is None:
                    found[index] = self._asked_again(keys[index])
        return found

    def keep(self, fresh: Mapping[_Key, _Value]) -> None:
        """Remember values of keys that were not known."""
        if len(self._once) + len(fresh) > self._limit:
            self._once.clear()
        self._once.update(fresh)

    def _asked_again(self, key: _Key) -> _Value | None:
        value = self._once.pop(key, None)
        if value is None:
            return self._again.get(key)  # the same key stood earlier among the keys
        if len(self._again) >= self._limit:
            self._again.clear()
        self._again[key] = value
        return value
