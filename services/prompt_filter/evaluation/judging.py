"""Asks the filter about every case of a suite and keeps what it answered."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.contracts.vocabulary import Decision
from services.prompt_filter.evaluation.cases import Case, Suite
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.prompt import Prompt, PromptVerdict

_BATCH = 256


@dataclass(frozen=True, slots=True)
class Judged:
    """A case and the verdict on it."""

    case: Case
    verdict: PromptVerdict

    @property
    def decision(self) -> Decision:
        return self.verdict.outcome.decision

    @property
    def flagged(self) -> bool:
        """BLOCK or REVIEW, for the category the case asks for where it asks for one."""
        if self.decision < Decision.REVIEW:
            return False
        wanted = self.case.category
        return wanted is None or any(reason.category is wanted for reason in self.verdict.outcome.reasons)

    @property
    def labelled(self) -> bool:
        return self.decision is Decision.LABEL

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of what spoke against the text."""
        return tuple(reason.rule for reason in self.verdict.outcome.reasons)


def judge(prompts: PromptFilter, suite: Suite) -> list[Judged]:
    """Every case with its verdict, in order."""
    verdicts = check_all(prompts, [case.text for case in suite.cases])
    return [Judged(case, verdict) for case, verdict in zip(suite.cases, verdicts, strict=True)]


def check_all(prompts: PromptFilter, texts: Sequence[str]) -> Iterator[PromptVerdict]:
    """Verdicts on texts, in batches as a caller would send them."""
    for start in range(0, len(texts), _BATCH):
        batch = [Prompt(str(number), text) for number, text in enumerate(texts[start : start + _BATCH])]
        yield from prompts.check_all(batch)


def cpu_milliseconds(prompts: PromptFilter, texts: Sequence[str]) -> list[float]:
    """CPU time of each text checked by itself."""
    spent = []
    for text in texts:
        begun = time.process_time_ns()
        prompts.check(Prompt("timed", text))
        spent.append((time.process_time_ns() - begun) / 1e6)
    return spent
