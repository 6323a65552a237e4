from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.classifier.text import canonical


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("A  Red,\tBALLOON!", "a red balloon"),
        ("(blue sky:1.3), [sea|lake]", "blue sky sea lake"),
        ("a castle <lora:stone_v2:0.8>", "a castle"),
        ("b<b>a</b>r &amp; caf\u00e9", "bar cafe"),
        ("ban\u200bana \uff41pple", "banana apple"),
        ("b\u0430nana", "banana"),
        ("\u0431\u0430\u043d\u0430\u043d", "\u0431\u0430\u043d\u0430\u043d"),
        ("snake_case", "snake case"),
        ("", ""),
    ],
)
def test_canonical_form(raw: str, expected: str) -> None:
    assert canonical(raw) == expected


@given(st.text(max_size=60))
def test_whitespace_is_single_and_trimmed(text: str) -> None:
    words = canonical(text).split(" ")
    assert all(words) or words == [""]
