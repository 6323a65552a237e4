from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.classifier.ngrams import NgramShape, hash_ngrams

SHAPE = NgramShape(char_bits=16, word_bits=16)
TEXTS = st.lists(st.text("abc \u0436\U0001f600", max_size=12).map(str.strip), min_size=1, max_size=6)


def test_counts_follow_from_the_length() -> None:
    chars, words = hash_ngrams(["ab cd", ""], SHAPE)
    # " ab cd " has 6 + 5 + 4 + 3 n-grams of 2..5 characters; the empty text is two spaces.
    assert chars.counts.tolist() == [18, 1]
    # Two words and one pair.
    assert words.counts.tolist() == [3, 0]


@given(TEXTS)
def test_a_text_hashes_alike_alone_and_among_others(texts: list[str]) -> None:
    together = hash_ngrams(texts, SHAPE)
    for place, text in enumerate(texts):
        alone = hash_ngrams([text], SHAPE)
        for many, one in zip(together, alone, strict=True):
            mine = many.buckets[many.starts[place] : many.starts[place + 1]]
            assert sorted(mine.tolist()) == sorted(one.buckets.tolist())


def test_a_word_hashes_alike_wherever_it_stands() -> None:
    _, first = hash_ngrams(["lamp"], SHAPE)
    _, later = hash_ngrams(["a green lamp"], SHAPE)
    assert first.buckets[0] in later.buckets


def test_different_words_rarely_share_a_bucket() -> None:
    words = [f"word{number}" for number in range(2000)]
    _, hashed = hash_ngrams(words, SHAPE)
    assert len(np.unique(hashed.buckets)) > 1900
