"""Single prompts that arrive together are judged together."""

from __future__ import annotations

import asyncio

from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.prompt import Prompt, PromptVerdict

_Waiting = tuple[Prompt, "asyncio.Future[PromptVerdict]"]


class GatheredChecks:
    """Judges all prompts that one turn of the event loop brought in one go.

    The classifier costs a fifth as much a prompt in a batch. Nothing waits for company: a
    prompt that is alone in its turn is judged alone.
    """

    def __init__(self) -> None:
        self._waiting: dict[PromptFilter, list[_Waiting]] = {}

    async def check(self, judge: PromptFilter, prompt: Prompt) -> PromptVerdict:
        """The verdict of `judge`, whose errors are raised to every prompt of the turn."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._judge)
        verdict: asyncio.Future[PromptVerdict] = loop.create_future()
        self._waiting.setdefault(judge, []).append((prompt, verdict))
        return await verdict

    def _judge(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for judge, prompts in waiting.items():
            try:
                verdicts = judge.check_all([prompt for prompt, _ in prompts])
            except Exception as error:  # noqa: BLE001 - boundary: each caller gets it
                for _, future in prompts:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), verdict in zip(prompts, verdicts, strict=True):
                if not future.done():
                    future.set_result(verdict)
