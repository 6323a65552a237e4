from __future__ import annotations

from services.prompt_filter.remembered import Remembered


def test_a_flood_of_new_keys_displaces_only_what_was_met_once() -> None:
    known: Remembered[str, int] = Remembered(3)
    known.keep({"often": 1, "seldom": 2})
    assert known.look_up(["often"]) == [1]
    for number in range(10):
        known.keep({f"flood-{number}": number})
    assert known.look_up(["often", "seldom", "flood-9"]) == [1, None, 9]


def test_a_key_that_stands_twice_is_found_twice() -> None:
    known: Remembered[str, int] = Remembered(3)
    known.keep({"a": 1})
    assert known.look_up(["a", "b", "a"]) == [1, None, 1]


def test_what_comes_again_is_bounded_too() -> None:
    known: Remembered[int, int] = Remembered(4)
    for number in range(20):
        known.keep({number: number})
        assert known.look_up([number]) == [number]
    assert len(known._again) <= 4
    assert len(known._once) <= 4
