"""A prompt as it is checked, and the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass

from services.chassis.signals import Outcome, Scores


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a front end asks about.

    Attributes:
        negative_text: what the caller asks the generator to leave out; excluded is not sought.
        has_reference_face: a picture of a face was supplied to be used.
    """

    id: str
    text: str
    negative_text: str = ""
    account: str = ""
    generation_id: str = ""
    has_reference_face: bool = False


@dataclass(frozen=True, slots=True)
class PromptVerdict:
    """Scores of every category, always, and what was decided of them."""

    id: str
    scores: Scores
    outcome: Outcome
    model_version: str
