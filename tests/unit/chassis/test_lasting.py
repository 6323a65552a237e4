"""What a process keeps is left alone by the garbage collector, which works on afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from services.chassis.lasting import lasting


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_the_collector_rests_inside_and_passes_over_what_was_made() -> None:
    before = gc.get_freeze_count()
    with lasting():
        assert not gc.isenabled()
        kept = [[number] for number in range(1_000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(kept)


def test_what_could_not_be_loaded_is_not_kept() -> None:
    before = gc.get_freeze_count()
    with pytest.raises(ValueError, match="unusable"), lasting():
        raise ValueError("unusable")
    assert gc.isenabled()
    assert gc.get_freeze_count() == before


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with lasting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
