"""What one list alone calls coarse is worth a label where everybody says it."""

from __future__ import annotations

import pytest

from services.prompt_filter.compiling.demotion import demote_common
from services.prompt_filter.compiling.word_frequencies import Frequencies
from services.prompt_filter.lexicon import Grade, Role

FREQUENCIES = Frequencies({"en": {"common": 3.5, "rare": 2.5}, "fr": {"common": 3.5}})


@pytest.mark.parametrize(
    ("language", "term", "grade", "source", "expected"),
    [
        ("en", "common", Grade.VULGAR, "one", Grade.SUGGESTIVE),
        ("en", "common", Grade.PROFANE, "one", Grade.MILD),
        ("en", "common", Grade.EXPLICIT, "one", Grade.EXPLICIT),
        ("en", "common", Grade.AMBIGUOUS, "one", Grade.AMBIGUOUS),
        ("en", "common", Grade.VULGAR, "one+two", Grade.VULGAR),
        ("en", "rare", Grade.VULGAR, "one", Grade.VULGAR),
        ("en", "common common", Grade.VULGAR, "one", Grade.VULGAR),
        ("fr", "common", Grade.VULGAR, "one", Grade.VULGAR),
    ],
)
def test_common_words_of_one_list(
    language: str, term: str, grade: Grade, source: str, expected: Grade
) -> None:
    rows = {(language, term): (Role.SEXUAL, grade, source)}
    assert demote_common(rows, FREQUENCIES) == (grade is not expected)
    assert rows[language, term] == (Role.SEXUAL, expected, source)
