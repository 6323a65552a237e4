"""Halves for tests."""

from hypothesis import strategies as st

from services.contracts.vocabulary import Category, Decision
from services.joint_scorer.half import Channel, Half
from services.joint_scorer.joining import Arrival
from services.joint_scorer.policy import DEFAULT_POLICY, JointPolicy

POLICY = JointPolicy.load(DEFAULT_POLICY)
ALL = st.sampled_from(list(Category))
SCORES = st.dictionaries(ALL, st.floats(0, 1), min_size=1)
HALVES = st.builds(Half, SCORES, st.none() | st.sampled_from(list(Decision)))


def half(decision: Decision | None = None, **scores: float) -> Half:
    """`half(sexual=0.4)`."""
    return Half({Category[name.upper()]: score for name, score in scores.items()}, decision)


def arrival(channel: Channel, content: Half, *, at: float = 1000.0, generation: str = "g1") -> Arrival:
    """That half of generation g1 of tenant t."""
    return Arrival("t", channel, f"{channel}-1", content, at, generation, "a1")


def prompt(content: Half, *, at: float = 1000.0) -> Arrival:
    return arrival(Channel.PROMPT, content, at=at)


def image(content: Half, *, at: float = 1000.0) -> Arrival:
    return arrival(Channel.IMAGE, content, at=at)
