"""Cuts a long canonical text into passages short enough for the encoder."""

from __future__ import annotations


def passages(text: str, characters: int) -> list[str]:
    """Consecutive passages of at most `characters`, cut at spaces where there are any."""
    found = []
    while len(text) > characters:
        cut = text.rfind(" ", 0, characters + 1)
        cut = cut if cut > 0 else characters
        found.append(text[:cut])
        text = text[cut:].lstrip(" ")
    return [*found, text] if text or not found else found
