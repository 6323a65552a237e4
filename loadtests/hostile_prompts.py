"""CPU time of the longest prompts the filter takes, written to be slow: walls, runs and noise.

Each is checked by a filter whose caches are cold, as the first of its kind would be, and then
once more. A plain prompt of the same length is the control.

    python -m loadtests.hostile_prompts [--characters 20000] [--classifier]
"""

from __future__ import annotations

import argparse
import gc
import random
import string
import time
from collections.abc import Callable, Sequence

from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.lexicon import Lexicon, load_lexicon
from services.prompt_filter.loading import load_filters
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.prompt import Prompt
from services.prompt_filter.settings import DATA, FilterSettings
from services.prompt_filter.text.fold import CharacterFold

Generator = Callable[[random.Random, int], str]

_PLAIN = "a quiet harbour at dawn with small boats and soft light over the water, ".split(" ")
_LEET = "0134578@$!|+(#"


def _filled(characters: int, pieces: Callable[[], str]) -> str:
    made: list[str] = []
    length = 0
    while length < characters:
        piece = pieces()
        made.append(piece)
        length += len(piece)
    return "".join(made)[:characters]


def _drawn(alphabet: str, *, longest: int = 12) -> Generator:
    """Random tokens over an alphabet, between spaces."""

    def generate(chance: random.Random, characters: int) -> str:
        return _filled(
            characters,
            lambda: "".join(chance.choices(alphabet, k=chance.randint(1, longest))) + " ",
        )

    return generate


def _wall(alphabet: str) -> Generator:
    """Random characters without any space."""

    def generate(chance: random.Random, characters: int) -> str:
        return "".join(chance.choices(alphabet, k=characters))

    return generate


def _repeated(piece: str) -> Generator:
    def generate(chance: random.Random, characters: int) -> str:
        del chance
        return (piece * (characters // len(piece) + 1))[:characters]

    return generate


def _apart(separator: str) -> Generator:
    """Single letters, each followed by the separator."""

    def generate(chance: random.Random, characters: int) -> str:
        return _filled(characters, lambda: chance.choice(string.ascii_lowercase) + separator)

    return generate


def _short_runs(chance: random.Random, characters: int) -> str:
    """Words of single letters, each of which may be a disguised one."""
    return _filled(characters, lambda: " ".join(chance.choices(string.ascii_lowercase, k=8)) + " xx ")


def _between(start: int, end: int) -> str:
    return "".join(map(chr, range(start, end)))


def _combining(chance: random.Random, characters: int) -> str:
    marks = _between(0x0300, 0x0370)
    return _filled(characters, lambda: chance.choice("aeiou") + "".join(chance.choices(marks, k=9)))


def _misspelled(chance: random.Random, characters: int) -> str:
    """Long tokens one letter off from each other: the worst for a fuzzy index."""
    bases = ["".join(chance.choices(string.ascii_lowercase, k=16)) for _ in range(40)]

    def piece() -> str:
        letters = list(chance.choice(bases))
        letters[chance.randrange(len(letters))] = chance.choice(string.ascii_lowercase)
        return "".join(letters) + " "

    return _filled(characters, piece)


def _left_out(chance: random.Random, characters: int) -> str:
    del chance
    return "a lake, negative prompt: clothes".ljust(characters - 1) + "x"


HOSTILE: dict[str, Generator] = {
    "plain text (control)": lambda chance, n: _filled(n, lambda: chance.choice(_PLAIN) + " "),
    "Han run": _wall(_between(0x4E00, 0x9F00)),
    "Han run, one character": _repeated("好"),
    "kana run": _wall(_between(0x3041, 0x3097)),
    "Hangul run": _wall(_between(0xAC00, 0xD7A4)),
    "Thai run": _wall(_between(0x0E01, 0x0E2F)),
    "combining marks": _combining,
    "combining marks, one base": lambda chance, n: "a" + _wall(_between(0x0300, 0x0370))(chance, n - 1),
    "one letter": _repeated("a"),
    "doubled letters": _repeated("aabbccddee"),
    "repeated word": _repeated("water "),
    "punctuation wall": _wall(".,;:!?-_*/\\|()[]{}<>\"'"),
    "star wall": _repeated("*"),
    "slash wall": _repeated("/-"),
    "opening brackets": _repeated("("),
    "open tags": _repeated("<a"),
    "open comments": _repeated("<!--"),
    "ampersands": _repeated("&#"),
    "random tokens": _drawn(string.ascii_lowercase),
    "random long tokens": _drawn(string.ascii_lowercase, longest=48),
    "random letters, no space": _wall(string.ascii_lowercase),
    "near misses of each other": _misspelled,
    "leet tokens": _drawn(_LEET + "aeiost"),
    "leet wall": _wall(_LEET),
    "leet pairs": _drawn("1!|6", longest=44),
    "starred tokens": _drawn("***" + string.ascii_lowercase),
    "spaced letters": _apart(" "),
    "dotted letters": _apart("."),
    "short runs of letters": _short_runs,
    "two-letter tokens": _drawn(string.ascii_lowercase, longest=2),
    "mixed scripts": _drawn("abcdeабвгдеαβγδε"),
    "mathematical letters": _drawn(_between(0x1D400, 0x1D434)),
    "zero-width wall": _repeated("\u200b"),
    "zero-width letters": _repeated("a\u200bb\u200dc\u2060"),
    "tag characters": _wall(_between(0xE0061, 0xE007B)),
    "emoji": _wall("👶🧒👧🔪🩸"),
    "figures": _drawn(string.digits, longest=4),
    "ages": _repeated("12 year "),
    "negations": _repeated("no any the "),
    "negative prompts": _repeated("negative prompt: "),
    "clothes left out, and spaces": _left_out,
    "tags with attributes": _repeated("<a x=1 y='2' "),
    "letters in brackets": _repeated("a(b)[c]"),
    "parameters": _repeated("--ar 16:9 "),
    "weights": _repeated("(a:1.2) "),
    "alternatives": _repeated("[a|b|c"),
    "quotes": _repeated('sign says "'),
}


def cold_filters(classifier: bool) -> Callable[[], PromptFilter]:
    """A function that gives a filter with nothing cached; the lexicon is read once."""
    settings = FilterSettings() if classifier else FilterSettings(classifier=None)
    shared = load_filters(settings).shared
    lexicon: Lexicon = load_lexicon(DATA)
    fold = CharacterFold.load(DATA / "fold")

    def make() -> PromptFilter:
        return shared.with_matcher(Matcher(lexicon, fold), lexicon.version)

    return make


def measure(
    make: Callable[[], PromptFilter], kinds: Sequence[str], characters: int, seed: int
) -> list[tuple[str, float, float]]:
    """Milliseconds of CPU per kind, on cold and on warm caches."""
    figures = []
    for kind in kinds:
        text = HOSTILE[kind](random.Random(f"{seed}:{kind}"), characters)
        prompts = make()
        gc.freeze()  # as a service does with what it has loaded
        figures.append((kind, _milliseconds(prompts, text), _milliseconds(prompts, text)))
    return figures


def _milliseconds(prompts: PromptFilter, text: str) -> float:
    begun = time.process_time()
    prompts.check(Prompt("hostile", text))
    return (time.process_time() - begun) * 1000


def main() -> None:
    """Print one line a kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--classifier", action="store_true", help="with the shipped classifier")
    arguments = parser.parse_args()
    make = cold_filters(arguments.classifier)
    print(f"{'kind':<28} {'cold ms':>9} {'warm ms':>9}   ({arguments.characters} characters)")
    for kind, cold, warm in measure(make, list(HOSTILE), arguments.characters, arguments.seed):
        print(f"{kind:<28} {cold:>9.1f} {warm:>9.1f}", flush=True)


if __name__ == "__main__":
    main()
