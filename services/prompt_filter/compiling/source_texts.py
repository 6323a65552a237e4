"""Texts of the shared data, to see how terms are used. Nothing of them is shipped but single words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from services.prompt_filter.compiling.rows import read_csv


def captions(data: Path) -> Iterator[str]:
    """Benign captions and art prompts."""
    for name in ("coco_captions_even_half.csv", "art_prompts.csv", "more/partiprompts.csv"):
        yield from (row["text"] for row in read_csv(data / name))


def fragments(data: Path) -> Iterator[str]:
    """Pieces of style that prompts are made of."""
    for name in ("more/clip_flavors_fragments.csv", "more/wildcard_fragments.csv"):
        yield from (row["text"] for row in read_csv(data / name))


def without_sexual_content(data: Path) -> Iterator[str]:
    """Texts that are harmful in other ways, and the harmless twins of harmful ones."""
    for name in ("more/ailuminate.csv", "more/overt.csv"):
        for row in read_csv(data / name):
            labels = json.loads(row["labels"])
            if "sexual" not in labels and labels.get("near") != "sexual_content":
                yield row["text"]


def harmless_twins(data: Path) -> Iterator[str]:
    """Prompts that are near to harm and harmless."""
    for row in read_csv(data / "more" / "overt.csv"):
        if "benign" in json.loads(row["labels"]):
            yield row["text"]


def user_prompts(data: Path) -> Iterator[str]:
    """Real prompts on which word lists found nothing."""
    for name in ("more/pickapic_user_prompts.csv", "more/diffusiondb_user_prompts.csv"):
        yield from (row["text"] for row in read_csv(data / name) if "benign_candidate" in row["labels"])
