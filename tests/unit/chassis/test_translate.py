"""Domain values survive the way through their messages and back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis import translate
from services.chassis.errors import InvalidInputError
from services.chassis.objects.store import ObjectRef
from services.chassis.signals import AbsentSignal, Box, JsonValue, Reason, Signal, Span
from services.contracts.common.v1 import common_pb2 as pb
from services.contracts.vocabulary import (
    AbsenceCause,
    Category,
    Decision,
    ProvenanceVerdict,
    PValueKind,
    Severity,
)

doubles = st.floats(0, 1)
singles = st.floats(0, 1, width=32)
texts = st.text(max_size=20)
spans = st.builds(Span, st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1))
boxes = st.builds(Box, singles, singles, singles, singles)
reasons = st.builds(
    Reason,
    st.sampled_from(Category),
    st.sampled_from(Severity),
    texts,
    st.none() | spans,
    st.none() | boxes,
)
absences = st.builds(AbsentSignal, texts, st.sampled_from(AbsenceCause), texts)
evidence: st.SearchStrategy[dict[str, JsonValue]] = st.dictionaries(
    texts, st.none() | st.booleans() | texts | st.floats(allow_nan=False, allow_infinity=False)
)
scores = st.dictionaries(st.sampled_from(Category), singles)
signals = st.builds(
    Signal,
    detector=texts,
    version=texts,
    scores=scores,
    verdict=st.none() | st.sampled_from(ProvenanceVerdict),
    p_value=st.none() | doubles,
    p_kind=st.none() | st.sampled_from(PValueKind),
    evidence=evidence,
)


def _wire(message: pb.Reason) -> pb.Reason:
    return pb.Reason.FromString(message.SerializeToString())


@given(reasons)
def test_reasons(reason: Reason) -> None:
    assert translate.reason_from_proto(_wire(translate.reason_to_proto(reason))) == reason


@given(absences)
def test_absent_signals(signal: AbsentSignal) -> None:
    assert translate.absent_from_proto(translate.absent_to_proto(signal)) == signal


@given(signals)
def test_signals(signal: Signal) -> None:
    wire = translate.signal_to_proto(signal).SerializeToString()
    assert translate.signal_from_proto(pb.Signal.FromString(wire)) == signal


@given(scores)
def test_scores(judged: dict[Category, float]) -> None:
    assert translate.scores_from_proto(translate.scores_to_proto(judged)) == judged


def test_object_references() -> None:
    reference = ObjectRef("ab" * 32, 7, "image/png")
    assert translate.object_from_proto(translate.object_to_proto(reference)) == reference


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf])
def test_a_score_outside_its_range_is_refused(value: float) -> None:
    with pytest.raises(InvalidInputError) as refused:
        translate.scores_from_proto([pb.Score(category=1, value=value)])
    assert refused.value.code == "SCORE_OUT_OF_RANGE"


def test_a_category_given_twice_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        translate.scores_from_proto([pb.Score(category=1, value=0.1), pb.Score(category=1, value=0.2)])
    assert refused.value.code == "DUPLICATE_CATEGORY"


@pytest.mark.parametrize("value", [0, 77])
def test_unset_and_unknown_words_are_refused_by_code(value: int) -> None:
    readers = {
        "UNKNOWN_CATEGORY": translate.category_from_proto,
        "UNKNOWN_DECISION": translate.decision_from_proto,
        "UNKNOWN_SEVERITY": translate.severity_from_proto,
    }
    for code, reader in readers.items():
        with pytest.raises(InvalidInputError) as refused:
            reader(value)
        assert refused.value.code == code


def test_known_words_are_read() -> None:
    assert translate.decision_from_proto(4) is Decision.BLOCK
    assert translate.severity_from_proto(1) is Severity.LOW


@pytest.mark.parametrize("sha256", ["", "ab", "AB" * 32, "../" + "a" * 61, "zz" * 32])
def test_an_object_reference_must_be_a_sha256(sha256: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        translate.object_from_proto(pb.ObjectReference(sha256=sha256))
    assert refused.value.code == "BAD_SHA256"


def test_an_absent_signal_without_cause_is_read_as_failed() -> None:
    assert translate.absent_from_proto(pb.AbsentSignal(detector="d")).cause is AbsenceCause.FAILED


def test_an_events_time_is_kept_to_the_microsecond() -> None:
    meta = translate.event_meta(
        event_id="e", tenant="t", source="s", occurred_at=1_700_000_000.123456, policy_version="v"
    )
    assert meta.occurred_at.ToMicroseconds() == 1_700_000_000_123_456
