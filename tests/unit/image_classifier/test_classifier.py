"""The use case whole: bytes in, verdict out, counted."""

import threading
from collections.abc import AsyncIterator, Sequence

import pytest
from PIL import Image

from services.chassis.errors import OverloadedError
from services.chassis.metrics import Metrics
from services.contracts.vocabulary import AbsenceCause, Category, Decision
from services.image_classifier.answers import ModelAnswer
from services.image_classifier.classifier import ImageClassifier
from services.image_classifier.inference import Inference
from services.image_classifier.local import LocalImageClassifier
from services.image_classifier.policy import DEFAULT_POLICY, ImagePolicy
from services.image_classifier.ports import ImageModel
from services.imaging.decode import View
from services.imaging.decoder import ThreadDecoder
from services.imaging.errors import ImageError
from services.imaging.limits import DecodeLimits
from services.imaging.workers import BoundedWorkers
from tests.unit.image_classifier.colour_model import ColourModel
from tests.unit.imaging.pictures import animation, file

POLICY = ImagePolicy.load(DEFAULT_POLICY)
RED = file(Image.new("RGB", (32, 32), (255, 0, 0)))
GREEN = file(Image.new("RGB", (32, 32), (0, 255, 0)))


class SlowModel(ColourModel):
    """Waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def answer(self, views: Sequence[View]) -> ModelAnswer:
        self.go.wait()
        return super().answer(views)


@pytest.fixture
async def workers() -> AsyncIterator[BoundedWorkers]:
    pool = BoundedWorkers("test", threads=2, max_pending=2)
    yield pool
    await pool.stop()


def build(
    workers: BoundedWorkers, *models: ImageModel, metrics: Metrics | None = None, timeout: float = 30.0
) -> ImageClassifier:
    metrics = metrics or Metrics("test")
    inference = Inference(models, workers, timeout_seconds=timeout, timed=lambda *_: None)
    return ImageClassifier(ThreadDecoder(workers, DecodeLimits()), inference, POLICY, metrics)


async def test_a_picture_is_judged(workers: BoundedWorkers) -> None:
    metrics = Metrics("test")
    classifier = build(workers, ColourModel(), metrics=metrics)
    assert (await classifier.classify(RED)).outcome.decision is Decision.BLOCK
    assert (await classifier.classify(GREEN)).outcome.decision is Decision.ALLOW
    labels = {"item": "image", "decision": "block", "category": "graphic_violence", "rule": "model"}
    assert metrics.registry.get_sample_value("palisade_decisions_total", labels) == 1


async def test_a_planted_frame_is_found(workers: BoundedWorkers) -> None:
    frames = [Image.new("RGB", (32, 32), (0, 200 + shade, 0)) for shade in range(30)]
    frames[29] = Image.new("RGB", (32, 32), (255, 0, 0))
    verdict = await build(workers, ColourModel()).classify(animation(frames, "PNG"))
    assert verdict.outcome.decision is Decision.BLOCK


async def test_a_broken_model_is_absent_and_the_others_still_answer(workers: BoundedWorkers) -> None:
    verdict = await build(workers, ColourModel("broken", failing=True), ColourModel("works")).classify(RED)
    assert verdict.models == ("works@1",)
    assert ("broken", AbsenceCause.FAILED) in [(each.detector, each.cause) for each in verdict.outcome.absent]


async def test_a_slow_model_is_absent_by_timeout(workers: BoundedWorkers) -> None:
    slow = SlowModel()
    verdict = await build(workers, slow, timeout=0.001).classify(GREEN)
    assert verdict.outcome.absent[0].cause is AbsenceCause.TIMEOUT
    assert verdict.outcome.decision is POLICY.categories[Category.SEXUAL].when_absent
    slow.go.set()


async def test_too_much_at_once_is_refused(workers: BoundedWorkers) -> None:
    with pytest.raises(OverloadedError):
        await build(workers, *(ColourModel(name) for name in ("one", "two", "three"))).classify(RED)


async def test_a_refused_picture_is_an_error_and_not_a_verdict(workers: BoundedWorkers) -> None:
    with pytest.raises(ImageError):
        await build(workers, ColourModel()).classify(RED[:40])


def test_the_local_classifier_judges_alike() -> None:
    local = LocalImageClassifier([ColourModel()], POLICY, DecodeLimits())
    assert local.classify(RED).outcome.decision is Decision.BLOCK
    assert local.hash(RED).width == 32
    assert LocalImageClassifier.open().classify(RED).outcome.absent[0].cause is AbsenceCause.NOT_CONFIGURED
