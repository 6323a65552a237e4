"""What ordinary prose is made into, wherever it is from: harmless sentences, and passages of them.

The collections of labelled prose hold two harmful sentences for each harmless one, in French none that
is harmless: to a model that knows no other, all prose looks harmful.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

from services.prompt_filter.classifier.heads import PROSE, UNSAFE
from services.prompt_filter.classifier.text import canonical
from services.prompt_filter.training.corpus import Example, Labels
from services.prompt_filter.training.sources import HARMLESS

_FEWEST_WORDS: Final = 4
# What raters of adversarial image prompts would say of prose is not known.
_LABELS: Final[Labels] = {PROSE: 1.0} | {task: value for task, value in HARMLESS.items() if task != UNSAFE}

Harmful = Callable[[str], bool]
"""Whether a canonical text names harm."""


class ProseNotFoundError(Exception):
    """An archive of prose is missing, or not the pinned one."""


def usable(text: str, harmful: Harmful) -> bool:
    """Whether it is a sentence, and one that names no harm."""
    return len(text.split()) >= _FEWEST_WORDS and not harmful(canonical(text))


def sentences(texts: Sequence[str], count: int, source: str, random: Random) -> Iterator[Example]:
    """So many of the texts, or all where they are fewer."""
    known = sorted(set(texts))
    for text in random.sample(known, min(count, len(known))):
        yield Example(text, source, _LABELS)


def passages(
    texts: Sequence[str], count: int, lengths: tuple[int, int], source: str, random: Random, *, between: str
) -> Iterator[Example]:
    """So many passages of consecutive texts, of at least and at most so many."""
    for _ in range(count):
        length = random.randint(*lengths)
        start = random.randrange(max(1, len(texts) - length))
        yield Example(between.join(texts[start : start + length]), f"{source}+joined", _LABELS)
