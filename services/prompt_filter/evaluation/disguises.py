"""The ways in which people hide a word, as functions of the word and a seeded chance.

Look-alike letters are the ones people use, written here independently of the engine's own
tables, so that a hole in a table shows as a miss.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final

Disguise = Callable[[str, Random], str]

_LEET: Final = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7+", "g": "9", "b": "8", "l": "1|"}
_CYRILLIC: Final = {
    "a": "а", "b": "ь", "c": "с", "d": "ԁ", "e": "е", "h": "һ", "i": "і", "j": "ј", "k": "к", "m": "м",
    "n": "п", "o": "о", "p": "р", "s": "ѕ", "t": "т", "u": "ц", "x": "х", "y": "у",
}  # fmt: skip
_GREEK: Final = {
    "a": "α", "b": "β", "e": "ε", "i": "ι", "k": "κ", "n": "η", "o": "ο", "p": "ρ", "t": "τ", "u": "υ",
    "v": "ν", "w": "ω", "x": "χ", "y": "γ",
}  # fmt: skip
_ARMENIAN: Final = {"o": "օ", "u": "ս", "n": "ո", "h": "հ", "g": "ց", "q": "զ", "p": "ք", "s": "ѕ", "j": "յ"}
_ZERO_WIDTH: Final = "\u200b\u200c\u200d\u2060\ufeff"
_MARKS: Final = "\u0300\u0301\u0302\u0303\u0308\u030a\u0323\u0331"
_EMOJI: Final = "🔥✨💖⭐🌸"
_TAGS: Final = ("b", "i", "span", "em", "u")
_SMALL_CAPITALS: Final = dict(zip("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
_UPSIDE_DOWN: Final = dict(zip("abcdefghijklmnopqrstuvwyz", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍʎz", strict=True))
_DRAWN: Final = {
    "a": ("/-\\",), "b": ("|3",), "d": ("|)",), "f": ("|=",), "h": ("|-|",), "k": ("|<",), "m": ("|\\/|",),
    "n": ("|\\|",), "o": ("()",), "p": ("|>",), "u": ("|_|",), "v": ("\\/",), "w": ("\\/\\/",), "x": ("><",),
}  # fmt: skip
_KEYS: Final = "abcdefghijklmnopqrstuvwxyz"
_VOWELS: Final = "aeiou"


def _mapped(table: Mapping[str, Sequence[str]], share: float) -> Disguise:
    """Letters by what they are drawn as; at least one where any can be."""

    def apply(word: str, chance: Random) -> str:
        able = [at for at, letter in enumerate(word) if letter in table]
        chosen = {at for at in able if chance.random() < share} or set(able[:1])
        return "".join(chance.choice(table[c]) if at in chosen else c for at, c in enumerate(word))

    return apply


def _shifted(first: int) -> Disguise:
    """Letters of an alphabet that lies elsewhere in Unicode in the same order."""

    def apply(word: str, chance: Random) -> str:
        del chance
        return "".join(chr(first + ord(c) - ord("a")) if c in _KEYS else c for c in word)

    return apply


def _joined_by(separator: str) -> Disguise:
    def apply(word: str, chance: Random) -> str:
        del chance
        return separator.join(word)

    return apply


def _inside(pieces: str | tuple[str, ...], form: str = "{}") -> Disguise:
    """Something put once between two letters."""

    def apply(word: str, chance: Random) -> str:
        at = chance.randrange(1, len(word))
        return word[:at] + form.format(chance.choice(pieces)) + word[at:]

    return apply


def _everywhere(pieces: str) -> Disguise:
    """Something after each letter but the last."""

    def apply(word: str, chance: Random) -> str:
        return "".join(letter + chance.choice(pieces) for letter in word[:-1]) + word[-1]

    return apply


def _entities(form: str) -> Disguise:
    def apply(word: str, chance: Random) -> str:
        del chance
        return "".join(form.format(ord(letter)) for letter in word)

    return apply


def _stretched(word: str, chance: Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randint(3, 6) + word[at + 1 :]


def _stretched_all(word: str, chance: Random) -> str:
    return "".join(letter * chance.randint(1, 4) for letter in word)


def _doubled(word: str, chance: Random) -> str:
    del chance
    return "".join(letter * 2 for letter in word)


def _reversed(word: str, chance: Random) -> str:
    del chance
    return word[::-1]


def _starred_vowel(word: str, chance: Random) -> str:
    at = [n for n, letter in enumerate(word[1:], 1) if letter in _VOWELS] or [len(word) // 2]
    place = chance.choice(at)
    return f"{word[:place]}*{word[place + 1 :]}"


def _starred_middle(word: str, chance: Random) -> str:
    del chance
    return word[0] + "*" * (len(word) - 2) + word[-1]


def _swapped(word: str, chance: Random) -> str:
    places = [at for at in range(1, len(word) - 1) if word[at] != word[at + 1]] or [1]
    at = chance.choice(places)
    return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


def _dropped(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def _inserted(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + chance.choice(_KEYS) + word[at:]


def _replaced(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + chance.choice(_KEYS.replace(word[at], "")) + word[at + 1 :]


def _upside_down(word: str, chance: Random) -> str:
    return _mapped(_UPSIDE_DOWN, 1.0)(word, chance)[::-1]


def _around(opening: str, closing: str) -> Disguise:
    """Some of the letters inside between two signs."""

    def apply(word: str, chance: Random) -> str:
        start = chance.randrange(1, len(word) - 1)
        end = chance.randrange(start + 1, len(word))
        return f"{word[:start]}{opening}{word[start:end]}{closing}{word[end:]}"

    return apply


def _quoted(word: str, chance: Random) -> str:
    del chance
    return " ".join(f'"{letter}"' for letter in word)


def _in_three(word: str, chance: Random) -> str:
    first, second = sorted(chance.sample(range(1, len(word)), 2))
    return f"{word[:first]} {word[first:second]} {word[second:]}"


def _numbered(word: str, chance: Random) -> str:
    return f"{chance.randrange(10, 99)}{word}{chance.randrange(10, 99)}"


def _tagged(word: str, chance: Random) -> str:
    tag = chance.choice(_TAGS)
    at = chance.randrange(1, len(word))
    return f"{word[:at]}<{tag}>{word[at]}</{tag}>{word[at + 1 :]}"


def _smuggled(word: str, chance: Random) -> str:
    del chance
    return "☺" + "".join(chr(0xE0000 + ord(letter)) for letter in word)


def _capitalised(word: str, chance: Random) -> str:
    return "".join(letter.upper() if chance.random() < 0.5 else letter for letter in word)


def _then(*steps: Disguise) -> Disguise:
    def apply(word: str, chance: Random) -> str:
        for step in steps:
            word = step(word, chance)
        return word

    return apply


TYPOS: Final = frozenset({"typo swap", "typo delete", "typo insert", "typo replace"})

_leet_full, _leet_part = _mapped(_LEET, 1.0), _mapped(_LEET, 0.4)
_cyrillic_part, _zero_once = _mapped(_CYRILLIC, 0.4), _inside(_ZERO_WIDTH)

DISGUISES: Final[Mapping[str, Disguise]] = {
    "mixed case": _capitalised,
    "leet, full": _leet_full,
    "leet, partial": _leet_part,
    "Cyrillic, full": _mapped(_CYRILLIC, 1.0),
    "Cyrillic, partial": _cyrillic_part,
    "Greek, full": _mapped(_GREEK, 1.0),
    "Greek, partial": _mapped(_GREEK, 0.4),
    "Armenian": _mapped(_ARMENIAN, 1.0),
    "fullwidth": _shifted(0xFF41),
    "mathematical bold": _shifted(0x1D41A),
    "mathematical sans": _shifted(0x1D5BA),
    "circled": _shifted(0x24D0),
    "squared": _shifted(0x1F130),
    "negative squared": _shifted(0x1F170),
    "zero-width, once": _zero_once,
    "zero-width, everywhere": _everywhere(_ZERO_WIDTH),
    "soft hyphen": _everywhere("\u00ad"),
    "spaced": _joined_by(" "),
    "dotted": _joined_by("."),
    "dashed": _joined_by("-"),
    "underscored": _joined_by("_"),
    "starred between": _joined_by("*"),
    "slashed": _joined_by("/"),
    "split by space": _inside(" "),
    "split by dot": _inside("."),
    "split by dash": _inside("-"),
    "HTML entities, decimal": _entities("&#{};"),
    "HTML entities, hexadecimal": _entities("&#x{:x};"),
    "HTML tags": _tagged,
    "HTML comment": _inside(("", " x ", "ab"), "<!--{}-->"),
    "repeats, one letter": _stretched,
    "repeats, all letters": _stretched_all,
    "doubled": _doubled,
    "diacritics": _everywhere(_MARKS),
    "reversed": _reversed,
    "star for a vowel": _starred_vowel,
    "stars for the middle": _starred_middle,
    "typo swap": _swapped,
    "typo delete": _dropped,
    "typo insert": _inserted,
    "typo replace": _replaced,
    "emoji inside": _inside(_EMOJI),
    "tag characters": _smuggled,
    "small capitals": _mapped(_SMALL_CAPITALS, 1.0),
    "flag letters": _then(_shifted(0x1F1E6), _joined_by("\u200b")),
    "upside down": _upside_down,
    "drawn letters": _mapped(_DRAWN, 0.3),
    "brackets around letters": _around("(", ")"),
    "square brackets around letters": _around("[", "]"),
    "bold letters": _around("**", "**"),
    "a tag that is none": _around("<", ">"),
    "letters in quotes": _quoted,
    "letters with commas": _joined_by(", "),
    "percent-encoded": _entities("%{:02x}"),
    "escaped": _entities("\\u{:04x}"),
    "figures around": _numbered,
    "in three pieces": _in_three,
    "leet and spaced": _then(_leet_part, _joined_by(" ")),
    "leet and dotted": _then(_leet_part, _joined_by(".")),
    "leet and repeats": _then(_leet_part, _stretched),
    "leet and case": _then(_capitalised, _leet_part),
    "Cyrillic and zero-width": _then(_cyrillic_part, _zero_once),
    "zero-width and repeats": _then(_stretched, _zero_once),
    "diacritics and dashes": _then(_everywhere(_MARKS), _joined_by("-")),
}
