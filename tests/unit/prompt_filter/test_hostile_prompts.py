"""Twice the hostile text is at most about twice the work, counted in steps of the interpreter."""

from __future__ import annotations

import random
import sys
from types import FrameType
from typing import Any

import pytest

from loadtests.hostile_prompts import HOSTILE
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.prompt import Prompt
from tests.unit.prompt_filter.placeholders import prompt_filter

SHORT, LONG = 2_500, 5_000
# Twice, and something for what a longer text meets that a shorter one does not.
MOST = 2.5
FEWEST_STEPS = 2_000


def steps(filtering: PromptFilter, text: str) -> int:
    """Lines run while a text is judged; a turn of a loop is a line each time."""
    counted = 0

    def count(frame: FrameType, event: str, argument: Any) -> Any:
        del frame, argument
        nonlocal counted
        counted += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        filtering.check(Prompt("p", text))
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_work_grows_no_faster_than_the_text(kind: str) -> None:
    text = HOSTILE[kind](random.Random(kind), LONG)
    half, whole = (steps(prompt_filter(), text[:length]) for length in (SHORT, LONG))
    assert whole <= MOST * max(half, FEWEST_STEPS)


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_the_longest_text_is_judged_whole(kind: str) -> None:
    text = HOSTILE[kind](random.Random(kind), 20_000)
    assert len(text) == 20_000
    assert prompt_filter().check(Prompt("p", text)).outcome.policy_version
