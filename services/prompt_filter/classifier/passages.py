"""Cuts a long canonical text into passages short enough for an encoder."""

from __future__ import annotations


def passages(text: str, characters: int) -> list[str]:
    """Consecutive passages of at most `characters`, of like length, cut at spaces where there are any."""
    found = []
    start, end = 0, len(text)
    while end - start > characters:
        left = end - start
        share = -(-left // -(-left // characters))
        last = start + characters
        cut = text.find(" ", start + share, last + 1)
        if cut < 0:
            cut = text.rfind(" ", start, last + 1)
        cut = cut if cut > start else last
        found.append(text[start:cut])
        start = cut
        while text.startswith(" ", start):
            start += 1
    return [*found, text[start:]] if start < end or not found else found
