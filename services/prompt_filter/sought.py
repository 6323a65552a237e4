"""What a prompt seeks, as the classifier reads it."""

from __future__ import annotations

from collections.abc import Sequence

from services.prompt_filter.context import Standing
from services.prompt_filter.evidence import Finding
from services.prompt_filter.matching.hits import View
from services.prompt_filter.text.syntax import Parsed


def sought_text(
    parsed: Parsed, findings: Sequence[Finding] = (), meant: Sequence[tuple[int, int, str]] = ()
) -> str:
    """The text without what is excluded or only mentioned, and with disguised words written plainly.

    A classifier of words cannot see through disguises; the matcher can. `meant` has the ordinary words
    behind odd writings, which would be noise to it.
    """
    if not (parsed.excluded or findings or meant):
        return parsed.text
    changes = [(start, end, " ") for start, end in parsed.excluded]
    for one in findings:
        if one.standing in (Standing.EXCLUDED, Standing.MENTIONED):
            changes.append((one.hit.start, one.hit.end, " "))
        elif one.hit.view is not View.EXACT and not one.hit.view.aggressive:
            changes.append((one.hit.start, one.hit.end, one.hit.entry.term))
    taken = {start for start, _, _ in changes}
    changes += [change for change in meant if change[0] not in taken]
    text = parsed.text
    before = len(text)
    for start, end, plain in sorted(changes, reverse=True):
        if end <= before:
            text = f"{text[:start]}{plain}{text[end:]}"
            before = start
    return text
