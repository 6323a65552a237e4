"""Prompts to load a filter with: harmless captions from a seeded grammar, about 100 characters each."""

from __future__ import annotations

import random
from collections.abc import Sequence

from services.prompt_filter.lexicon import Entry, Grade, load_lexicon
from services.prompt_filter.settings import DATA

_SUBJECTS = (
    "lighthouse harbour orchard meadow fox owl heron kettle bicycle lantern teapot sailboat cottage bakery "
    "library greenhouse waterfall glacier canyon windmill bridge train tram balloon kite garden market "
    "violinist gardener astronaut fisherman baker potter astronomer beekeeper carpenter librarian mountain "
    "valley forest river island pier telescope clock robot dragonfly hummingbird otter hedgehog squirrel"
).split()
_QUALITIES = (
    "quiet golden misty ancient wooden crystal tiny enormous weathered colourful snowy sunlit foggy cosy "
    "gentle elegant rustic modern floating abandoned mossy painted striped copper silver velvet paper "
    "turquoise crimson emerald cheerful sleepy curious graceful"
).split()
_PLACES = (
    "by the sea|in a pine forest|under a starry sky|on a cobbled street|beside a frozen lake|"
    "above the clouds|in a field of lavender|at the edge of a desert|inside a glass dome|"
    "on a rainy evening|at sunrise|during autumn|in early spring|near an old stone wall|"
    "in front of a row of houses|after a summer storm"
).split("|")
_ACTIONS = (
    "reading a letter|drinking tea|watching the horizon|carrying a basket of apples|casting a long shadow|"
    "reflecting in the water|surrounded by wild flowers|covered in fresh snow|glowing softly|"
    "drifting slowly|waiting for the morning train|painted on a blue wall"
).split("|")
_STYLES = (
    "watercolour|oil on canvas|pencil sketch|35mm film|studio lighting|highly detailed|wide angle|"
    "isometric illustration|soft pastel palette|cinematic light|macro photography|linocut print|"
    "shallow depth of field|4k|trending composition|hand drawn"
).split("|")
_SYLLABLES = (
    "ba ke li mo nu ra se ti vo wa dre fla gri plo sko tru zan mel dor vin kal per hol tam rin bos quel "
    "nar lim tor ven gal mur sen del pra ost"
).split()


class Captions:
    """An endless stream of captions; the same seed gives the same ones.

    Args:
        unseen: words in each caption that occur nowhere else, as names do: no cache can hold them.
        listed: share of captions that carry a term of the shipped lexicon, chosen by its id.
    """

    def __init__(self, seed: int, *, unseen: int = 0, listed: float = 0.0) -> None:
        self._chance = random.Random(seed)
        self._unseen = unseen
        self._listed = listed
        self._entries = _single_words() if listed else ()

    def take(self, count: int) -> list[str]:
        """The next `count` captions."""
        return [self._caption() for _ in range(count)]

    def _caption(self) -> str:
        pick = self._chance.choice
        words = [
            *("a", pick(_QUALITIES), pick(_QUALITIES), pick(_SUBJECTS), pick(_ACTIONS)),
            *("with a", pick(_QUALITIES), pick(_SUBJECTS), pick(_PLACES)),
        ]
        for _ in range(self._unseen):
            words.insert(self._chance.randrange(1, len(words)), self._name())
        if self._chance.random() < self._listed:
            words.insert(self._chance.randrange(1, len(words)), pick(self._entries).term)
        return ", ".join((" ".join(words), *self._chance.sample(_STYLES, 2)))

    def _name(self) -> str:
        return "".join(self._chance.choices(_SYLLABLES, k=4))


def repeated(captions: Sequence[str], count: int, seed: int) -> list[str]:
    """Draws from `captions` as traffic repeats itself: the n-th most frequent 1/n as often as the first."""
    weights = [1 / rank for rank in range(1, len(captions) + 1)]
    return random.Random(seed).choices(captions, weights, k=count)


def _single_words() -> Sequence[Entry]:
    """English entries that lead to a decision by themselves, in the order of their ids."""
    entries = load_lexicon(DATA).entries
    alone = [entry for entry in entries if entry.language == "en" and entry.grade is Grade.EXPLICIT]
    return sorted((entry for entry in alone if entry.term.isalpha()), key=lambda entry: entry.id)
