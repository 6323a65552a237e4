from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from services.prompt_filter.classifier import (
    OUTPUTS,
    ManifestError,
    ModelIntegrityError,
    PromptClassifier,
)
from services.prompt_filter.classifier.gate import Gate
from services.prompt_filter.classifier.heads import HEADS, PROSE
from services.prompt_filter.classifier.linear import SCORED, LinearModel
from services.prompt_filter.classifier.manifest import EncoderEntry, Manifest
from services.prompt_filter.classifier.reading import ReadingPlan
from services.prompt_filter.classifier.readout import Readout
from tests.unit.prompt_filter_classifier.tiny_model import linear_model, readout, write_folder

STRIDE = 200
TEXTS = ["a red balloon", "", "two cats on a wall", "(old oak tree:1.2)"]


class CountingEncoder:
    """Answers with the length of the passage and remembers what it read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def logits(self, passage: str) -> npt.NDArray[np.float64]:
        self.read.append(passage)
        return np.full(len(HEADS), float(len(passage)))


def _cascade(
    gate: float, passages: int = 2, urgent: float = 1.1, linear: LinearModel | None = None
) -> tuple[PromptClassifier, CountingEncoder]:
    gates = Gate(np.full(len(OUTPUTS), gate))
    plan = ReadingPlan(40, 16, passages, STRIDE, urgent, urgent_stride=40)
    entry = EncoderEntry("m", "t", plan, gates, readout(SCORED + 1))
    encoder = CountingEncoder()
    manifest = Manifest("v", "linear.npz", readout(), (entry,))
    return PromptClassifier(manifest, linear or linear_model(), [encoder]), encoder


def _slow(readout: Readout) -> Readout:
    return replace(readout, weights=readout.weights / 1000)


def _two_encoders(first: float, second: float) -> tuple[PromptClassifier, CountingEncoder, CountingEncoder]:
    """Gates of either encoder; the deeper one reads whatever passes both. Scores are near a half."""
    plan = ReadingPlan(40, 16, 1, STRIDE, urgent=1.1, urgent_stride=40)
    entries = tuple(
        EncoderEntry("m", "t", plan, Gate(np.full(len(OUTPUTS), gate)), _slow(readout(scored)))
        for scored, gate in ((SCORED + 1, first), (SCORED + 2, second))
    )
    encoders = (CountingEncoder(), CountingEncoder())
    manifest = Manifest("v", "linear.npz", readout(), entries)
    return PromptClassifier(manifest, linear_model(), encoders), *encoders


def test_every_output_is_scored_between_0_and_1(tmp_path: Path) -> None:
    scores = PromptClassifier.load(write_folder(tmp_path)).score(TEXTS)
    assert [tuple(row) for row in scores] == [OUTPUTS] * len(TEXTS)
    assert all(0 <= value <= 1 for row in scores for value in row.values())


def test_nothing_in_nothing_out(tmp_path: Path) -> None:
    assert PromptClassifier.load(write_folder(tmp_path)).score([]) == []


def test_a_score_depends_on_its_text_alone(tmp_path: Path) -> None:
    model = PromptClassifier.load(write_folder(tmp_path))
    assert model.score(TEXTS) == [model.score([text])[0] for text in TEXTS]
    assert model.score(TEXTS[::-1]) == model.score(TEXTS)[::-1]


def test_case_and_prompt_weights_do_not_change_the_score(tmp_path: Path) -> None:
    model = PromptClassifier.load(write_folder(tmp_path))
    plain, weighted = model.score(["old oak tree", "(OLD oak\u200b Tree:1.4)"])
    assert plain == weighted


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    path = write_folder(tmp_path) / "linear.npz"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ModelIntegrityError) as refused:
        PromptClassifier.load(tmp_path)
    assert refused.value.path == path


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    (write_folder(tmp_path) / "linear.npz").unlink()
    with pytest.raises(ModelIntegrityError):
        PromptClassifier.load(tmp_path)


@pytest.mark.parametrize("field", ["files", "heads", "linear", "encoders", "format"])
def test_a_manifest_without_a_field_is_refused(tmp_path: Path, field: str) -> None:
    path = write_folder(tmp_path) / "manifest.json"
    fields = json.loads(path.read_text("utf-8"))
    del fields[field]
    path.write_text(json.dumps(fields), "utf-8")
    with pytest.raises(ManifestError):
        PromptClassifier.load(tmp_path)


def test_a_file_without_digest_is_refused(tmp_path: Path) -> None:
    path = write_folder(tmp_path) / "manifest.json"
    fields = json.loads(path.read_text("utf-8"))
    fields["files"] = {}
    path.write_text(json.dumps(fields), "utf-8")
    with pytest.raises(ManifestError, match="linear"):
        PromptClassifier.load(tmp_path)


def test_version_names_the_content(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        write_folder(folder)
    one, other = PromptClassifier.load(first), PromptClassifier.load(second)
    assert one.version == other.version
    path = second / "manifest.json"
    fields = json.loads(path.read_text("utf-8"))
    fields["linear"]["readout"]["sexual"]["intercept"] -= 1
    path.write_text(json.dumps(fields), "utf-8")
    assert PromptClassifier.load(second).version != one.version


def test_the_encoder_reads_only_what_passes_the_gate() -> None:
    settled, unread = _cascade(gate=1.1)
    settled.score(TEXTS)
    assert unread.read == []
    asked, reading = _cascade(gate=0.0)
    asked.score(["a red balloon"])
    assert reading.read == ["a red balloon"]


@pytest.mark.parametrize(("prose", "read"), [(-1.0, []), (1.0, ["a red balloon"])])
def test_of_settled_texts_the_encoder_reads_prose_only(prose: float, read: list[str]) -> None:
    bias = np.where(np.array(HEADS) == PROSE, prose * 100, 0.0)
    known = linear_model()
    linear = replace(known, ngrams=replace(known.ngrams, bias=bias))
    model, encoder = _cascade(gate=0.0, linear=linear)
    model.probabilities(["a red balloon"], settled=[0])
    assert encoder.read == read


@pytest.mark.parametrize(("first", "second", "read"), [(0, 0, (1, 1)), (0, 1.1, (1, 0)), (1.1, 0, (0, 0))])
def test_a_deeper_encoder_reads_what_passes_every_gate_before_it(
    first: float, second: float, read: tuple[int, int]
) -> None:
    model, upper, deep = _two_encoders(first, second)
    model.score(["a red balloon"])
    assert (len(upper.read), len(deep.read)) == read


def test_a_deeper_encoder_moves_the_scores_of_what_it_reads_only() -> None:
    before, _, _ = _two_encoders(0, 1.1)
    after, _, deep = _two_encoders(0, 0.55)
    texts = ["a", "a red balloon over an old town"]
    changed = [one != other for one, other in zip(before.score(texts), after.score(texts), strict=True)]
    assert deep.read == texts[1:]
    assert changed == [False, True]


def test_the_encoder_moves_the_score() -> None:
    settled, _ = _cascade(gate=1.1)
    asked, _ = _cascade(gate=0.0)
    before, after = settled.score(["a red balloon"])[0], asked.score(["a red balloon"])[0]
    assert all(after[output] > before[output] for output in OUTPUTS)


def test_of_a_long_text_only_the_worst_passages_are_read() -> None:
    model, encoder = _cascade(gate=0.0, passages=2, urgent=0.0)
    model.score([" ".join(f"word{number}" for number in range(60))])
    assert len(encoder.read) == 2
    assert all(len(passage) <= 40 for passage in encoder.read)


def test_a_text_of_noise_keeps_the_scores_it_had() -> None:
    noise, words = "d3w8c0 r9b2ye 7wd4ac " * 6, "word " * 24
    asked, encoder = _cascade(gate=0.0, passages=1)
    settled, _ = _cascade(gate=1.1)
    scores = asked.score([noise, words])
    assert [passage.split()[0] for passage in encoder.read] == ["word"]
    before = settled.score([noise, words])
    assert scores[0] == before[0]
    assert scores[1] != before[1]


def test_what_is_suspicious_is_read_in_all_passages() -> None:
    calm, calmly = _cascade(gate=0.0, passages=9)
    urgent, urgently = _cascade(gate=0.0, passages=9, urgent=0.0)
    for model in (calm, urgent):
        model.score(["old oak tree " * 12])
    assert (len(calmly.read), len(urgently.read)) == (1, 4)


def test_a_longer_text_is_read_in_more_passages() -> None:
    model, encoder = _cascade(gate=0.0, passages=4)
    model.score([("old oak " * 24).strip()])
    assert len(encoder.read) == 1
    model.score([("old oak " * 60).strip()])
    assert len(encoder.read) == 1 + 3


def test_a_readout_of_the_wrong_width_is_refused(tmp_path: Path) -> None:
    path = write_folder(tmp_path) / "manifest.json"
    fields = json.loads(path.read_text("utf-8"))
    fields["linear"]["readout"]["any"]["weights"].pop()
    path.write_text(json.dumps(fields), "utf-8")
    with pytest.raises(ManifestError):
        PromptClassifier.load(tmp_path)


def test_the_manifest_names_its_heads_in_order(tmp_path: Path) -> None:
    path = write_folder(tmp_path) / "manifest.json"
    fields = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**fields, "heads": fields["heads"][::-1]}), "utf-8")
    with pytest.raises(ManifestError):
        PromptClassifier.load(tmp_path)


def test_more_columns_than_heads_cannot_pass_unnoticed() -> None:
    model = linear_model()
    wider = replace(model, ngrams=replace(model.ngrams, bias=np.append(model.ngrams.bias, 0.0)))
    with pytest.raises(ValueError, match="broadcast"):
        wider.logits(["a"])
