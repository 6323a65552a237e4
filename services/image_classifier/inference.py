"""Every configured model asked about one picture; one that fails is absent, never negative."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial

import structlog

from services.contracts.vocabulary import AbsenceCause
from services.image_classifier.answers import ModelAnswer, ModelFailure
from services.image_classifier.contract import ModelContract
from services.image_classifier.ports import ImageModel, ModelError
from services.imaging.decode import View
from services.imaging.workers import BoundedWorkers

_log = structlog.get_logger(__name__)

Answer = ModelAnswer | ModelFailure
Timed = Callable[[str, float], None]
"""Told a model's name and the seconds one picture took it."""


def ask(model: ImageModel, views: Sequence[View], timed: Timed) -> Answer:
    """Ask one model, blocking; a ModelError becomes a failure with its cause."""
    began = time.perf_counter()
    try:
        return model.answer(views)
    except ModelError as error:
        _log.warning("model_failed", model=model.contract.name, cause=error.message)
        return _failure(model.contract, AbsenceCause.FAILED, error.message)
    finally:
        timed(model.contract.name, time.perf_counter() - began)


def split(answers: Sequence[Answer]) -> tuple[list[ModelAnswer], list[ModelFailure]]:
    """Those that answered, and those that did not."""
    answered = [each for each in answers if isinstance(each, ModelAnswer)]
    return answered, [each for each in answers if isinstance(each, ModelFailure)]


class Inference:
    """Asks all models side by side on worker threads."""

    def __init__(
        self, models: Sequence[ImageModel], workers: BoundedWorkers, *, timeout_seconds: float, timed: Timed
    ) -> None:
        self._models = tuple(models)
        self._workers = workers
        self._timeout = timeout_seconds
        self._timed = timed

    async def ask_all(self, views: Sequence[View]) -> list[Answer]:
        """One answer or failure a model, in their order; OverloadedError where too much waits already."""
        return list(await asyncio.gather(*(self._ask(model, views) for model in self._models)))

    async def _ask(self, model: ImageModel, views: Sequence[View]) -> Answer:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._workers.run(partial(ask, model, views, self._timed))
        except TimeoutError:
            return _failure(model.contract, AbsenceCause.TIMEOUT, f"{self._timeout} s")


def _failure(contract: ModelContract, cause: AbsenceCause, detail: str) -> ModelFailure:
    return ModelFailure(contract.name, contract.covers, cause, detail)
