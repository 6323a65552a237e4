"""Latin letters with hooks, strokes and tails, and those of phonetics, by their names in Unicode."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BLOCKS: Final = (range(0x0180, 0x02B0), range(0x1D00, 0x1DC0), range(0x2C60, 0x2C80), range(0xA720, 0xA800))
_NAME: Final = re.compile(r"LATIN SMALL LETTER (?:OPEN |SCRIPT |DOTLESS )?([A-Z])(?: WITH .+| BAR)?")


def modified_letters() -> dict[str, str]:
    """Each such letter, and the plain one it is made of."""
    named = ((chr(point), unicodedata.name(chr(point), "")) for block in _BLOCKS for point in block)
    found = ((letter, _NAME.fullmatch(name)) for letter, name in named)
    return {letter: match[1].lower() for letter, match in found if match}
