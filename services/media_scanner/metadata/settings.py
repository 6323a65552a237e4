"""The generation settings that AUTOMATIC1111's web UI and its descendants write as one line."""

from __future__ import annotations

_START = "Steps: "
_MAX_LINE = 64 * 1024


def generation_settings(text: str) -> dict[str, str] | None:
    """`Steps: 20, Sampler: …` as a mapping; None where the text does not end in such a line.

    Only the last such line counts: the prompt before it may quote another one. Values with
    commas inside quotes are cut at the comma, which no rule depends on.
    """
    at = 0 if text.startswith(_START) else text.rfind("\n" + _START)
    later = text.rfind("\n" + _START)
    at = max(at, later)
    if at < 0:
        return None
    line = text[at : at + _MAX_LINE].lstrip("\n")
    settings = dict(_pairs(line))
    return settings if settings.get("Steps", "").isdigit() and _settles(settings) else None


def _settles(settings: dict[str, str]) -> bool:
    """`Steps` alone stands in recipes and bug reports too."""
    return any(name in settings for name in ("Sampler", "CFG scale", "Seed", "Model hash"))


def _pairs(line: str) -> list[tuple[str, str]]:
    pairs = []
    for part in line.replace("\n", ", ").split(", "):
        name, separator, value = part.partition(": ")
        if separator:
            pairs.append((name.strip(), value.strip()))
    return pairs
