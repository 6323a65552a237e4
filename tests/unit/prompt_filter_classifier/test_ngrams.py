from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.classifier.ngrams import NgramShape, hash_ngrams

SHAPE = NgramShape(char_min=2, char_max=5, char_bits=16, word_bits=16)
TEXTS = st.lists(st.text("abc \u0436\U0001f600", max_size=12).map(str.strip), min_size=1, max_size=6)


def test_counts_follow_from_the_length() -> None:
    chars, words = hash_ngrams(["ab cd", ""], SHAPE)
    # " ab " and " cd " have 3 + 2 + 1 n-grams of 2..4 characters each; the empty text has none.
    assert chars.counts.tolist() == [12, 0]
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


def test_character_ngrams_never_span_two_words() -> None:
    chars, _ = hash_ngrams(["ab cd", "cd ab", "ab"], SHAPE)
    together, swapped, alone = (
        sorted(chars.buckets[chars.starts[text] : chars.starts[text + 1]].tolist()) for text in range(3)
    )
    assert together == swapped
    assert set(alone) <= set(together)


def test_no_texts_and_no_words_have_no_ngrams() -> None:
    for texts in ([], ["", ""]):
        assert all(
            not kind.buckets.size and len(kind.counts) == len(texts) for kind in hash_ngrams(texts, SHAPE)
        )


def test_different_words_rarely_share_a_bucket() -> None:
    words = [f"word{number}" for number in range(2000)]
    _, hashed = hash_ngrams(words, SHAPE)
    assert len(np.unique(hashed.buckets)) > 1900
