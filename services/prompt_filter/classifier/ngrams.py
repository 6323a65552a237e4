"""Hashed character and word n-grams of many texts at once, in numpy only.

Texts are laid end to end with one space on either side. Character n-grams come from a rolling
polynomial hash, words from differences of one prefix hash (Karp and Rabin 1987), so the cost
is a few passes over the characters whatever the number of texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

UInt64 = npt.NDArray[np.uint64]
Int64 = npt.NDArray[np.int64]

_BASE: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(_BASE, -1, 1 << 64)
_SPACE: Final = 32


@dataclass(frozen=True)
class NgramShape:
    """Which n-grams are read, and the width in bits of each kind's hash table."""

    char_min: int = 2
    char_max: int = 5
    word_max: int = 2
    char_bits: int = 19
    word_bits: int = 18


@dataclass(frozen=True)
class Ngrams:
    """Buckets of one kind of n-gram: those of text t lie in buckets[starts[t]:starts[t + 1]]."""

    buckets: Int64
    starts: Int64

    @property
    def counts(self) -> Int64:
        return np.diff(self.starts)


def hash_ngrams(texts: Sequence[str], shape: NgramShape) -> tuple[Ngrams, Ngrams]:
    """Character and word n-grams of canonical texts; an empty text still has its two spaces."""
    codes, ends = _lay_out(texts)
    return _characters(codes, ends, shape), _words(codes, ends, shape)


def _lay_out(texts: Sequence[str]) -> tuple[UInt64, Int64]:
    joined = "".join(f" {text} " for text in texts)
    encoded = joined.encode("utf-32-le", "replace")
    codes = np.frombuffer(encoded, dtype="<u4").astype(np.uint64)
    ends = np.cumsum([len(text) + 2 for text in texts], dtype=np.int64)
    return codes, ends


def _characters(codes: UInt64, ends: Int64, shape: NgramShape) -> Ngrams:
    owner = _owner(ends)
    room = ends[owner] - np.arange(len(codes))
    hashed = np.zeros(len(codes), dtype=np.uint64)
    base = np.uint64(_BASE)
    parts, owners = [], []
    for n in range(1, shape.char_max + 1):
        hashed = hashed[: len(codes) - n + 1] * base + codes[n - 1 :]
        if n >= shape.char_min:
            fits = room[: len(hashed)] >= n
            parts.append(_bucket(hashed[fits] + np.uint64(n), shape.char_bits))
            owners.append(owner[: len(hashed)][fits])
    return _group(parts, owners, len(ends))


def _words(codes: UInt64, ends: Int64, shape: NgramShape) -> Ngrams:
    space = codes == _SPACE
    first = np.flatnonzero(space[:-1] & ~space[1:]) + 1
    last = np.flatnonzero(~space[:-1] & space[1:]) + 1
    powers, inverses = _powers(_round_up(len(codes)))
    prefix = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(codes * powers[: len(codes)], out=prefix[1:])
    single = (prefix[last] - prefix[first]) * inverses[first]
    owner = _owner(ends)[first]
    hashed, parts, owners = single, [], []
    for n in range(1, shape.word_max + 1):
        if n > 1:
            hashed = _mix(hashed[: len(single) - n + 1]) * np.uint64(_BASE) + single[n - 1 :]
        inside = owner[: len(hashed)] == owner[n - 1 :]
        parts.append(_bucket(hashed[inside] + np.uint64(n), shape.word_bits))
        owners.append(owner[: len(hashed)][inside])
    return _group(parts, owners, len(ends))


def _owner(ends: Int64) -> Int64:
    lengths = np.diff(ends, prepend=0)
    return np.repeat(np.arange(len(ends)), lengths)


def _group(parts: Sequence[Int64], owners: Sequence[Int64], texts: int) -> Ngrams:
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    starts = np.zeros(texts + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, minlength=texts), out=starts[1:])
    return Ngrams(np.concatenate(parts)[order], starts)


def _bucket(hashed: UInt64, bits: int) -> Int64:
    return (_mix(hashed) >> np.uint64(64 - bits)).astype(np.int64)


def _mix(hashed: UInt64) -> UInt64:
    """The finaliser of MurmurHash3: every input bit reaches the high bits that are kept."""
    hashed = (hashed ^ (hashed >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return (hashed ^ (hashed >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)


def _round_up(length: int) -> int:
    """The next power of two, so that few tables of powers are ever made."""
    return 1 << max(12, (length - 1).bit_length())


@lru_cache(maxsize=4)
def _powers(length: int) -> tuple[UInt64, UInt64]:
    up = np.full(length, _BASE, dtype=np.uint64)
    down = np.full(length, _INVERSE, dtype=np.uint64)
    up[0] = down[0] = 1
    return np.cumprod(up, dtype=np.uint64), np.cumprod(down, dtype=np.uint64)
