"""Verdicts in messages, many at once: the same as one by one, whatever was written before."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.clock import SystemClock
from services.chassis.ids import event_id
from services.chassis.metrics import Metrics
from services.chassis.rpc.call import Call, enter_call
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb
from services.contracts.vocabulary import Category
from services.prompt_filter import messages
from services.prompt_filter.classifier_port import Answer
from services.prompt_filter.messages import EncodedVerdicts, verdict_to_proto
from services.prompt_filter.prompt import Prompt, PromptVerdict
from services.prompt_filter.rpc import PromptFilterServicer
from services.prompt_filter.tenants import TenantFilters
from tests.unit.prompt_filter.placeholders import EXPLICIT, SUGGESTIVE, VULGAR, fold, lexicon, prompt_filter

TEXTS = ["a calm lake", "", f"a {EXPLICIT} lake", f"a {SUGGESTIVE} {VULGAR}", "a red boat", "eine Brücke"]


class ByLength:
    """A classifier whose every score depends on the text."""

    version = "by-length"

    def score(self, texts: Sequence[str], settled: Collection[int] = ()) -> list[Answer]:
        return [
            Answer({one: 1 / (len(text) + one + 2) for one in Category}, harm=1 / (len(text) + 1))
            for text in texts
        ]


def _verdicts(texts: Sequence[str], classifier: ByLength | None = None) -> list[PromptVerdict]:
    prompts = [Prompt(f"id-{number}", text) for number, text in enumerate(texts)]
    return prompt_filter(classifier=classifier).check_all(prompts)


def _written(writer: EncodedVerdicts, verdict: PromptVerdict) -> pb.PromptVerdict:
    return pb.PromptVerdict.FromString(writer.of(verdict, "acme"))


@pytest.mark.parametrize("classifier", [None, ByLength()])
def test_encoded_verdicts_equal_those_made_one_by_one(
    classifier: ByLength | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_REMEMBERED", 3)
    writer = EncodedVerdicts()
    verdicts = _verdicts(TEXTS * 2, classifier)
    for verdict in [*verdicts, *reversed(verdicts)]:
        assert _written(writer, verdict) == verdict_to_proto(verdict, "acme")


def test_one_writer_serves_several_filters() -> None:
    writer = EncodedVerdicts()
    (verdict,) = _verdicts(["a calm lake"])
    other = verdict._replace(model_version="another", scores=dict(verdict.scores))
    harmful = verdict._replace(harm=0.5)
    for one in (verdict, other, verdict, verdict._replace(model_version="third"), harmful, harmful):
        assert _written(writer, one) == verdict_to_proto(one, "acme")


@given(st.text(), st.text(), st.text(), st.text())
def test_an_event_id_is_a_name_based_uuid(tenant: str, source: str, item: str, version: str) -> None:
    parts = [part.encode("utf-8", "replace").decode() for part in (tenant, source, item, version)]
    name = "".join(f"{len(part)}:{part}" for part in parts)
    expected = uuid.uuid5(uuid.UUID("6f1d3a52-64a4-5be1-9d63-1f5d0c1a7a11"), name)
    found = event_id(tenant=parts[0], source=parts[1], item=parts[2], policy_version=parts[3])
    assert found == str(expected)


def test_outcomes_counted_together_count_as_one_by_one() -> None:
    together, single = Metrics("a"), Metrics("b")
    outcomes = [verdict.outcome for verdict in _verdicts(TEXTS * 3)]
    together.record_outcomes("prompt", outcomes)
    for outcome in outcomes:
        single.record_outcome("prompt", outcome)
    counted = [
        {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in metrics.registry.collect()
            for sample in family.samples
            if sample.name in ("palisade_decisions_total", "palisade_absent_signals_total")
        }
        for metrics in (together, single)
    ]
    assert counted[0] == counted[1]
    assert sum(counted[0].values()) > len(outcomes)


async def test_a_batch_answers_in_order_and_names_what_it_refuses() -> None:
    shared = prompt_filter(max_characters=30)
    servicer = PromptFilterServicer(
        TenantFilters(shared, lexicon(), fold(), folder=None),
        outgoing=None,
        metrics=Metrics("prompt_filter"),
        clock=SystemClock(),
        max_batch=10,
    )
    enter_call(Call("request", "acme", frozenset(), 0.0))
    texts = {"a": "a calm lake", "": "no id", "long": "x" * 31, "b": f"a {EXPLICIT} lake"}
    request = pb.CheckPromptsRequest(prompts=[pb.Prompt(id=name, text=text) for name, text in texts.items()])
    response = await servicer.CheckPrompts(request, None)  # type: ignore[arg-type]
    assert [one.WhichOneof("result") for one in response.results] == ["verdict", "error", "error", "verdict"]
    assert [one.error.code for one in response.results[1:3]] == ["MISSING_ID", "TEXT_TOO_LONG"]
    for index, name in ((0, "a"), (3, "b")):
        expected = verdict_to_proto(shared.check(Prompt(name, texts[name])), "acme")
        assert response.results[index].verdict == expected
