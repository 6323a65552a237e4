"""Disguises of words as people write them, and harmless sentences that name identities."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from random import Random
from typing import Final

from services.prompt_filter.training.corpus import Example
from services.prompt_filter.training.sources import HARMLESS

Disguise = Callable[[str, Random], str]

_LEET: Final = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "g": "9", "b": "8"}
_KEYS: Final = "qwertyuiopasdfghjklzxcvbnm"


def disguised(
    examples: list[Example], triggers: AbstractSet[str], share: float, random: Random
) -> Iterator[Example]:
    """Copies in which trigger words are disguised, with the labels of the original.

    Of texts without a trigger a `share` is copied with another long word disguised, so that a
    disguise alone proves nothing.
    """
    for example in examples:
        words = example.text.split()
        found = [place for place, word in enumerate(words) if word.lower().strip(",.") in triggers]
        if not found and random.random() < share:
            found = [place for place, word in enumerate(words) if len(word) > 4][:1]
        if found:
            for place in found[:3]:
                words[place] = random.choice(DISGUISES)(words[place], random)
            yield Example(" ".join(words), f"{example.source}+disguised", example.labels)


def joined(examples: list[Example], count: int, random: Random) -> Iterator[Example]:
    """Two sentences one after the other: what either holds, both hold; what either leaves open is open.

    Labelled prose is of single sentences, and a passage of a longer text is not.
    """
    for _ in range(count if examples else 0):
        first, second = random.choice(examples), random.choice(examples)
        labels = {
            task: max(value, second.labels[task])
            for task, value in first.labels.items()
            if task in second.labels
        }
        yield Example(f"{first.text} {second.text}", f"{first.source}+joined", labels)


def identity_sentences(data: Path, random: Random, count: int) -> Iterator[Example]:
    """Harmless sentences about people of every group, spread evenly over the groups."""
    groups: dict[str, list[str]] = json.loads((data / "identity.json").read_text("utf-8"))
    templates = (data / "identity_templates.txt").read_text("utf-8").splitlines()
    names = sorted(groups)
    for number in range(count):
        term = random.choice(groups[names[number % len(names)]])
        yield Example(random.choice(templates).format(term), "identity", HARMLESS)


def _leet(word: str, random: Random) -> str:
    return "".join(
        random.choice(_LEET[c]) if c in _LEET and random.random() < 0.6 else c for c in word.lower()
    )


def _spaced(word: str, random: Random) -> str:
    return random.choice(" .-*_").join(word)


def _broken(word: str, random: Random) -> str:
    place = random.randrange(1, max(2, len(word)))
    return word[:place] + random.choice(" -.*'") + word[place:]


def _swapped(word: str, random: Random) -> str:
    place = random.randrange(max(1, len(word) - 1))
    return word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :]


def _dropped(word: str, random: Random) -> str:
    place = random.randrange(1, max(2, len(word)))
    return word[:place] + word[place + 1 :]


def _mistyped(word: str, random: Random) -> str:
    place = random.randrange(1, max(2, len(word)))
    return word[:place] + random.choice(_KEYS) + word[place + 1 :]


def _stretched(word: str, random: Random) -> str:
    place = random.randrange(max(1, len(word)))
    return word[:place] + word[place : place + 1] * random.randrange(2, 5) + word[place + 1 :]


DISGUISES: Final[tuple[Disguise, ...]] = (
    _leet,
    _spaced,
    _broken,
    _swapped,
    _dropped,
    _mistyped,
    _stretched,
)
