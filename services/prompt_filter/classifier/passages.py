"""Cuts a long canonical text into passages short enough for the encoder."""

from __future__ import annotations


def passages(text: str, characters: int) -> list[str]:
    """Consecutive passages of at most `characters`, of like length, cut at spaces where there are any."""
    found = []
    while len(text) > characters:
        share = -(-len(text) // -(-len(text) // characters))
        cut = text.find(" ", share, characters + 1)
        if cut < 0:
            cut = text.rfind(" ", 0, characters + 1)
        cut = cut if cut > 0 else characters
        found.append(text[:cut])
        text = text[cut:].lstrip(" ")
    return [*found, text] if text or not found else found
