"""Hashed n-grams: the characters of each word by itself, words, and pairs of neighbours.

A character n-gram never spans two words: a word is read as ` word `, with one space on either
side. So what a word adds to a text's score depends on the word alone and can be remembered.

Words are laid end to end and hashed at once, in numpy only: characters by a rolling polynomial
hash (Karp and Rabin 1987), so the cost is a few passes over the characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

UInt64 = npt.NDArray[np.uint64]
Int64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_BASE: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class NgramShape:
    """Lengths of the character n-grams, and the width in bits of each kind's hash table."""

    char_min: int = 3
    char_max: int = 6
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


@dataclass(frozen=True)
class LaidOut:
    """Words as code points, each between two spaces of its own; word w begins at starts[w].

    `lengths` are those of the words with their spaces.
    """

    codes: UInt64
    starts: Int64
    lengths: Int64

    @classmethod
    def of(cls, words: Sequence[str]) -> LaidOut:
        """Words must not be empty; a lone surrogate reads as a question mark."""
        joined = f" {'  '.join(words)} " if words else ""
        codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)
        lengths = np.fromiter(map(len, words), np.int64, len(words)) + 2
        starts = np.zeros(len(words) + 1, dtype=np.int64)
        np.cumsum(lengths, out=starts[1:])
        return cls(codes, starts, lengths)

    def characters(self, shape: NgramShape) -> tuple[Int64, Flags]:
        """The buckets of the n-grams that begin at each code, and whether these fit their words.

        Both have shape (lengths of n-grams, codes). All lengths at once: of a few words, which are
        what is mostly asked for, each operation of numpy costs more than its elements.
        """
        count = len(self.codes)
        left = np.repeat(self.starts[1:], self.lengths) - np.arange(count)
        padded = np.append(self.codes, np.zeros(shape.char_max, dtype=np.uint64))
        hashed = np.zeros(count, dtype=np.uint64)
        found = np.empty((shape.char_max + 1, count), dtype=np.uint64)
        for n in range(1, shape.char_max + 1):
            hashed = hashed * _BASE + padded[n - 1 : n - 1 + count]
            found[n] = hashed + np.uint64(n)
        sizes = np.arange(shape.char_min, shape.char_max + 1)
        return _bucket(found[shape.char_min :], shape.char_bits), left >= sizes[:, None]

    def hashes(self) -> UInt64:
        """One hash a word, the same wherever it stands."""
        if not len(self.codes):
            return np.zeros(0, dtype=np.uint64)
        place = np.arange(len(self.codes)) - np.repeat(self.starts[:-1], self.lengths)
        powers = _powers(_round_up(int(self.lengths.max())))
        return np.asarray(np.add.reduceat(self.codes * powers[place], self.starts[:-1]))


def single_buckets(hashes: UInt64, shape: NgramShape) -> Int64:
    """Where each word's own weights are."""
    return _bucket(hashes + np.uint64(1), shape.word_bits)


def pair_halves(hashes: UInt64) -> tuple[UInt64, UInt64]:
    """What each word adds to the hash of a pair as its first and as its second word."""
    return _mix(hashes) * _BASE, hashes + np.uint64(2)


def pair_buckets(first: UInt64, second: UInt64, shape: NgramShape) -> Int64:
    """Where the weights of pairs are, from the halves of their words."""
    return _bucket(first + second, shape.word_bits)


def hash_ngrams(texts: Sequence[str], shape: NgramShape) -> tuple[Ngrams, Ngrams]:
    """Character and word n-grams of canonical texts; an empty text has none."""
    split = [text.split() for text in texts]
    words = list(chain.from_iterable(split))
    owner = np.repeat(np.arange(len(texts)), np.fromiter(map(len, split), np.int64, len(split)))
    laid_out = LaidOut.of(words)
    return _characters(laid_out, owner, len(texts), shape), _words(laid_out, owner, len(texts), shape)


def _characters(laid_out: LaidOut, owner: Int64, texts: int, shape: NgramShape) -> Ngrams:
    owner = np.repeat(owner, laid_out.lengths)
    buckets, fits = laid_out.characters(shape)
    parts = [found[inside] for found, inside in zip(buckets, fits, strict=True)]
    return _group(parts, [owner[inside] for inside in fits], texts)


def _words(laid_out: LaidOut, owner: Int64, texts: int, shape: NgramShape) -> Ngrams:
    hashes = laid_out.hashes()
    inside = owner[:-1] == owner[1:]
    first, second = pair_halves(hashes)
    parts = [single_buckets(hashes, shape), pair_buckets(first[:-1], second[1:], shape)[inside]]
    return _group(parts, [owner, owner[:-1][inside]], texts)


def _group(parts: Sequence[Int64], owners: Sequence[Int64], texts: int) -> Ngrams:
    empty = np.zeros(0, dtype=np.int64)
    owner = np.concatenate([*owners, empty])
    order = np.argsort(owner, kind="stable")
    starts = np.zeros(texts + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, minlength=texts), out=starts[1:])
    return Ngrams(np.concatenate([*parts, empty])[order], starts)


def _bucket(hashed: UInt64, bits: int) -> Int64:
    return (_mix(hashed) >> np.uint64(64 - bits)).astype(np.int64)


def _mix(hashed: UInt64) -> UInt64:
    """The finaliser of MurmurHash3: every input bit reaches the high bits that are kept."""
    hashed = (hashed ^ (hashed >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return (hashed ^ (hashed >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)


def _round_up(length: int) -> int:
    """The next power of two, so that few tables of powers are ever made."""
    return 1 << max(8, (length - 1).bit_length())


@lru_cache(maxsize=4)
def _powers(length: int) -> UInt64:
    powers = np.full(length, _BASE, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)
