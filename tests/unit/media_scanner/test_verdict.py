"""One verdict from many, and what it leads to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.chassis.errors import PolicyError
from services.chassis.signals import AbsentSignal, Signal
from services.contracts.vocabulary import AbsenceCause, Decision, ProvenanceVerdict, PValueKind
from services.media_scanner.policy import ScannerPolicy
from services.media_scanner.settings import DATA
from services.media_scanner.verdict import AiGenerated, holm, one_verdict

YES, EDITED = ProvenanceVerdict.YES, ProvenanceVerdict.EDITED
NO_EVIDENCE, UNKNOWN = ProvenanceVerdict.NO_EVIDENCE, ProvenanceVerdict.UNKNOWN


def declares(name: str, verdict: ProvenanceVerdict) -> Signal:
    return Signal(name, "1", verdict=verdict, p_kind=PValueKind.DECLARED)


def measures(name: str, p_value: float, kind: PValueKind = PValueKind.CERTIFIED) -> Signal:
    return Signal(name, "1", verdict=YES, p_value=p_value, p_kind=kind)


def verdict(*signals: Signal) -> AiGenerated:
    return one_verdict(signals, family_wise_error=1e-6)


def test_nothing_answered_is_unknown_and_not_negative() -> None:
    assert verdict() == AiGenerated(UNKNOWN, None, ())
    assert verdict(declares("iptc", UNKNOWN)).verdict is UNKNOWN


def test_the_strongest_statement_wins_and_names_who_made_it() -> None:
    found = verdict(declares("c2pa", YES), declares("iptc", EDITED), declares("metadata", NO_EVIDENCE))
    assert found == AiGenerated(YES, None, ("c2pa",))
    assert verdict(declares("iptc", EDITED), declares("c2pa", NO_EVIDENCE)).verdict is EDITED
    assert verdict(declares("c2pa", NO_EVIDENCE)) == AiGenerated(NO_EVIDENCE, None, ())


def test_holm_steps_down() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": None}) == pytest.approx(
        {"a": 0.03, "c": 0.06, "b": 0.06}
    )


def test_measuring_detectors_are_charged_for_each_other() -> None:
    assert verdict(measures("a", 9e-7)) == AiGenerated(YES, 9e-7, ("a",))
    assert verdict(measures("a", 9e-7), measures("b", 0.5)) == AiGenerated(NO_EVIDENCE, 1.8e-6, ())


def test_an_uncalibrated_score_decides_nothing_alone() -> None:
    raw = measures("vendor", 1e-30, PValueKind.UNCALIBRATED)
    assert verdict(raw) == AiGenerated(UNKNOWN, None, ())
    assert verdict(raw, declares("c2pa", NO_EVIDENCE)).verdict is NO_EVIDENCE


def policy() -> ScannerPolicy:
    return ScannerPolicy.load(DATA / "policy.json")


def test_the_shipped_policy_labels_what_is_declared() -> None:
    decisions = {v: policy().decide(AiGenerated(v, None, ()), [], []).decision for v in ProvenanceVerdict}
    assert decisions == {
        YES: Decision.LABEL,
        EDITED: Decision.LABEL,
        NO_EVIDENCE: Decision.ALLOW,
        UNKNOWN: Decision.ALLOW,
    }


def test_credentials_that_do_not_fit_go_to_review() -> None:
    signal = Signal("c2pa", "1", verdict=YES, evidence={"contradicted": True})
    absent = AbsentSignal("metadata", AbsenceCause.TIMEOUT)
    outcome = policy().decide(AiGenerated(YES, None, ("c2pa",)), [signal], [absent])
    assert outcome.decision is Decision.REVIEW
    assert outcome.absent == (absent,)
    assert outcome.policy_version == policy().version


@pytest.mark.parametrize(
    "change",
    [
        {"verdicts": {"yes": "LABEL"}},
        {"verdicts": {"maybe": "LABEL"}},
        {"contradicted": "SHRUG"},
        {"family_wise_error": 0},
        {"unknown_key": 1},
    ],
)
def test_a_policy_that_cannot_decide_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    document = json.loads((DATA / "policy.json").read_text()) | change
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(document))
    with pytest.raises(PolicyError, match=r"policy\.json"):
        ScannerPolicy.load(path)
