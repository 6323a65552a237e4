"""Which frames of an animation are looked at."""

from __future__ import annotations


def sample_frames(count: int, most: int) -> tuple[int, ...]:
    """At most `most` frame numbers out of `count`, evenly spread; the first and the last always.

    With `most` of 1 only the first. Rises strictly, because decoders seek forward.
    """
    if count <= most:
        return tuple(range(count))
    if most == 1:
        return (0,)
    return tuple(round(step * (count - 1) / (most - 1)) for step in range(most))
