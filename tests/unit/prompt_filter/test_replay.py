"""A verdict does not depend on what was judged before, beside it or in which order: byte for byte."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from services.prompt_filter.adapters.shipped_classifier import load_shipped_classifier
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.lexicon import load_lexicon
from services.prompt_filter.messages import EncodedVerdicts, verdict_to_proto
from services.prompt_filter.prompt import Prompt, PromptVerdict
from services.prompt_filter.settings import DATA
from tests.unit.prompt_filter import placeholders
from tests.unit.prompt_filter.placeholders import prompt_filter
from tests.unit.prompt_filter_classifier.tiny_model import write_folder

FRAMES = [
    "{}",
    "a calm lake, {}, (golden light:1.2), 8k",
    "no {} in the garden --ar 16:9",
    'a sign that says "{}"',
    "ein haus und der {} am see",
    "{} 12 years old [cat|dog] score_9",
    "<b>{}</b> &amp; two boats",
    "a quiet harbour\nNegative prompt: {}",
]
DISGUISES: list[Callable[[str], str]] = [
    str,
    str.upper,
    " ".join,
    lambda term: term.replace("e", "3").replace("o", "0"),
    lambda term: f"{term[:2]} {term[2:]}",
    lambda term: f"{term[:1]}\u200b{term[1:]}",
    lambda term: term[:-1] + 3 * term[-1:],
    lambda term: f"{term[:1]}\u0435{term[2:]}",
]
_NEUTRAL = [
    "lamp",
    "mountain road",
    "42",
    "\U0001f43c",
    "\u0433\u043e\u0440\u0430",
    "\u5c71\u6c34",
    "x" * 40,
    "",
]


def _texts(seed: int) -> list[str]:
    """Neutral words, placeholders and entries of the shipped lexicon, framed and disguised."""
    chance = random.Random(seed)
    listed = [
        value for name, value in vars(placeholders).items() if name.isupper() and isinstance(value, str)
    ]
    shipped = [entry.term for entry in chance.sample(load_lexicon(DATA).entries, 60)]
    terms = [*listed, *shipped, *_NEUTRAL]
    return [chance.choice(FRAMES).format(chance.choice(DISGUISES)(term)) for term in terms for _ in range(3)]


def _wire(verdict: PromptVerdict, writer: EncodedVerdicts) -> bytes:
    message = verdict_to_proto(verdict, "acme")
    assert type(message).FromString(writer.of(verdict, "acme")) == message
    return message.SerializeToString(deterministic=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("model"))


@pytest.mark.parametrize("classifier", [False, True])
def test_verdicts_are_alike_alone_in_batches_in_any_order_warm_and_cold(
    classifier: bool, folder: Path
) -> None:
    def cold() -> PromptFilter:
        return prompt_filter(classifier=load_shipped_classifier(folder) if classifier else None)

    texts = _texts(7)
    prompts = [
        Prompt(f"p{number}", text, has_reference_face=number % 5 == 0) for number, text in enumerate(texts)
    ]
    writer = EncodedVerdicts()
    warm = cold()
    expected = {prompt.id: _wire(warm.check(prompt), writer) for prompt in prompts}
    assert {one.id: _wire(one, writer) for one in warm.check_all(prompts)} == expected
    assert {one.id: _wire(one, writer) for one in cold().check_all(prompts)} == expected
    chance = random.Random(8)
    mixed = cold()
    for size in (2, 17, len(prompts)):
        batch = chance.sample(prompts, size) + chance.sample(prompts, size)
        for verdict in mixed.check_all(batch):
            assert _wire(verdict, writer) == expected[verdict.id]
    for prompt in chance.sample(prompts, 10):
        assert _wire(cold().check(prompt), EncodedVerdicts()) == expected[prompt.id]
