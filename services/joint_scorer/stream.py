"""Kafka in and out: the two halves in, joint decisions out. Translates, decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from google.protobuf.message import DecodeError

from services.chassis.clock import Clock
from services.chassis.errors import InvalidInputError, UnavailableError
from services.chassis.streams.event import Event
from services.chassis.streams.publisher import Publisher
from services.chassis.streams.stage import RejectedEventError, RetryableError
from services.chassis.streams.topics import JOINT_DECISIONS
from services.contracts.image_classifier.v1 import image_classifier_pb2 as image_pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb
from services.joint_scorer.joiner import Joiner
from services.joint_scorer.joining import Arrival, Generation
from services.joint_scorer.messages import decided_from, image_arrival, prompt_arrival, record_key

Read = Callable[[bytes, float], Arrival]
"""A record's value and the time of its arrival to the half in it."""


class Halves:
    """Handles one of the two topics."""

    def __init__(self, joiner: Joiner, read: Read, *, clock: Clock) -> None:
        self._joiner = joiner
        self._read = read
        self._clock = clock

    async def __call__(self, event: Event) -> None:
        try:
            await self._joiner.accept(self._read(event.value, self._clock.now()))
        except DecodeError as error:
            raise RejectedEventError(
                "the record is not of this topic's kind", code="MALFORMED_EVENT"
            ) from error
        except InvalidInputError as error:
            raise RejectedEventError(error.message, code=error.code) from error
        except UnavailableError as error:
            raise RetryableError(error.message, code=error.code) from error


def read_prompt_decided(value: bytes, at: float) -> Arrival:
    """DecodeError or InvalidInputError for what is none."""
    return prompt_arrival(prompt_pb.PromptDecided.FromString(value), at)


def read_image_classified(value: bytes, at: float) -> Arrival:
    """DecodeError or InvalidInputError for what is none."""
    return image_arrival(image_pb.ImageClassified.FromString(value), at)


class Statements:
    """Publishes joint decisions (see joiner.State)."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def __call__(self, generation: Generation) -> None:
        event = decided_from(generation)
        await self._publisher.publish(
            JOINT_DECISIONS, key=record_key(event), value=event.SerializeToString(deterministic=True)
        )
