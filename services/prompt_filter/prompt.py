"""A prompt as it is checked, and the verdict on it.

Both are made by the ten thousand a second; a named tuple is made in a third of a frozen data class's time.
"""

from __future__ import annotations

from typing import NamedTuple

from services.chassis.signals import Outcome, Scores


class Prompt(NamedTuple):
    """What a front end asks about.

    Attributes:
        negative_text: what the caller asks the generator to leave out; that is not sought, but where it is
            clothes.
        has_reference_face: a picture of a face was supplied to be used.
    """

    id: str
    text: str
    negative_text: str = ""
    account: str = ""
    generation_id: str = ""
    has_reference_face: bool = False


class PromptVerdict(NamedTuple):
    """Scores of every category, always, and what was decided of them.

    Attributes:
        harm: probability of harm of any kind, also of kinds without a category; no score is higher.
    """

    id: str
    scores: Scores
    harm: float
    outcome: Outcome
    model_version: str
