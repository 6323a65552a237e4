"""What servers say of prompts, also those of an earlier version."""

from __future__ import annotations

import pytest

from services.cli.prompt_remote import read_result
from services.contracts.common.v1 import common_pb2 as common
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.contracts.vocabulary import Category, Decision


@pytest.mark.parametrize(("told", "shown"), [(0.0, 0.7), (0.9, 0.9)])
def test_a_server_that_tells_no_harm_does_not_call_a_prompt_harmless(told: float, shown: float) -> None:
    scores = [
        common.Score(category=int(one), value=0.7 if one == Category.SEXUAL else 0.1) for one in Category
    ]
    verdict = pb.PromptVerdict(id="p", decision=int(Decision.REVIEW), scores=scores, harm=told)
    answer = read_result(pb.PromptResult(verdict=verdict))
    assert isinstance(answer, dict)
    assert answer["harm"] == shown
