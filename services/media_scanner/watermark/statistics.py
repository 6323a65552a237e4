"""The exact tail of a fair binomial."""

from __future__ import annotations

import sys
from math import comb


def fair_tail(hits: int, trials: int) -> float:
    """P(X >= hits) for X ~ Bin(trials, 1/2), exact before rounding to a float.

    Never 0: what is smaller than the least normal float is given as that.
    """
    if hits <= 0:
        return 1.0
    if 2 * hits <= trials:
        return 1.0 - _upper(trials - hits + 1, trials)
    return max(_upper(hits, trials), sys.float_info.min)


def _upper(hits: int, trials: int) -> float:
    term = total = comb(trials, hits)
    for count in range(hits + 1, trials + 1):
        term = term * (trials - count + 1) // count
        total += term
    return total / (1 << trials)
