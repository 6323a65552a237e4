"""Which frames are looked at."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.imaging.frames import sample_frames


@given(st.integers(1, 10_000), st.integers(1, 64))
def test_samples_rise_stay_in_range_and_hold_both_ends(count: int, most: int) -> None:
    frames = sample_frames(count, most)
    assert len(frames) == min(count, most)
    assert all(before < after for before, after in pairwise(frames))
    assert frames[0] == 0
    assert frames[-1] == (count - 1 if most > 1 else 0)


def test_no_gap_is_much_longer_than_another() -> None:
    frames = sample_frames(64, 16)
    assert {after - before for before, after in pairwise(frames)} <= {4, 5}
