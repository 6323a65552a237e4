"""Findings on the held-out part of the shared data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from services.contracts.vocabulary import Category, Decision
from services.prompt_filter.classifier.heads import HARM, UNSAFE
from services.prompt_filter.evaluation import heldout
from services.prompt_filter.evaluation.cases import Case, Suite
from services.prompt_filter.evaluation.findings import SLICE_HEADER, Findings, Row, Section, slice_rows
from services.prompt_filter.evaluation.generated import Bench
from services.prompt_filter.evaluation.heldout import HeldOut
from services.prompt_filter.evaluation.innocents import strangers
from services.prompt_filter.evaluation.judging import check_all, cpu_milliseconds, judge
from services.prompt_filter.evaluation.misspelled_findings import measure_misspelled
from services.prompt_filter.evaluation.obfuscation import disguised_sentences
from services.prompt_filter.evaluation.profanity import profanity
from services.prompt_filter.evaluation.slices import by, only, rules_behind, standing_out, whole
from services.prompt_filter.evaluation.statistics import (
    Estimate,
    area,
    auprc,
    auroc,
    calibration_error,
    rate,
    recall_at,
)
from services.prompt_filter.prompt import PromptVerdict
from services.prompt_filter.training.weights import AGREED

_SETS: Final = {
    "prose": heldout.PROSE,
    "prompts and their harmless twins": heldout.PROMPTS,
    "adversarial prompts": heldout.ADVERSARIAL,
    "user prompts, weak labels": heldout.USER_PROMPTS,
    "everything": (
        *heldout.PROSE,
        *heldout.PROMPTS,
        *heldout.ADVERSARIAL,
        *heldout.USER_PROMPTS,
        "coco",
        "parti",
    ),
}
_FEWEST: Final = 10


def measure_shared(bench: Bench, findings: Findings, data: Path) -> None:
    """Ranking, minors, captions, words of harmless texts, and the time it takes."""
    held = heldout.held_out(data, per_source=bench.sizes.rows_per_source)
    verdicts = list(check_all(bench.prompts, held.texts))
    _ranking(bench, findings, held, verdicts)
    _minors(bench, findings, held, verdicts)
    _harmless(bench, findings, held)
    _disguised(bench, findings, held)
    measure_misspelled(bench, findings, held)
    _profanity(bench, findings, data)
    _time(bench, findings, held)


def _ranking(bench: Bench, findings: Findings, held: HeldOut, verdicts: Sequence[PromptVerdict]) -> None:
    scores = {head: _scores(verdicts, head) for head in (*_CATEGORY_HEADS, HARM, UNSAFE)}
    rows: list[Row] = []
    for head, score in scores.items():
        for name, sources in _SETS.items():
            chosen = held.rows(sources)
            if head == UNSAFE and name != "adversarial prompts":
                continue
            rows += _ranked(f"{head}, {name}", score[chosen], held.corpus.head(head)[chosen], bench.seed)
    rows += _agreed(held, scores[UNSAFE], bench.seed)
    findings.sections.append(
        Section(
            "Ranking on the held-out split",
            "Scores of the whole filter, rules and classifier. `harm` and `unsafe` are ranked by the "
            "verdict's `harm`. Weak labels follow word lists, so they flatter a filter that has one.",
            ("what", "texts", "positives", "AUPRC", "AUROC", "ECE"),
            tuple(rows),
        )
    )


_CATEGORY_HEADS: Final = {category.label: category for category in Category}


def _scores(verdicts: Sequence[PromptVerdict], head: str) -> npt.NDArray[np.float64]:
    category = _CATEGORY_HEADS.get(head)
    values = [one.harm if category is None else one.scores[category] for one in verdicts]
    return np.array(values, dtype=np.float64)


def _ranked(
    name: str, score: npt.NDArray[np.float64], target: npt.NDArray[np.float32], seed: int
) -> list[Row]:
    known = ~np.isnan(target)
    score, target = score[known], target[known]
    positive = target > 0.5
    if min(positive.sum(), (~positive).sum()) < _FEWEST:
        return []
    areas = [area(measure, score, positive, seed) for measure in (auprc, auroc)]
    error = calibration_error(score, target.astype(np.float64))
    return [(name, str(len(score)), str(int(positive.sum())), *map(str, areas), f"{error:.3f}")]


def _agreed(held: HeldOut, score: npt.NDArray[np.float64], seed: int) -> list[Row]:
    """Adversarial prompts on which nearly all raters agree."""
    chosen = held.rows(heldout.ADVERSARIAL)
    target = held.corpus.head(UNSAFE)[chosen]
    agreed = np.abs(target - 0.5) > AGREED
    return _ranked(
        f"{UNSAFE}, adversarial prompts, raters agree", score[chosen][agreed], target[agreed], seed
    )


def _minors(bench: Bench, findings: Findings, held: HeldOut, verdicts: Sequence[PromptVerdict]) -> None:
    target = held.corpus.head("sexual_minors")
    sources = np.isin(held.corpus.sources, (*heldout.PROSE, *heldout.PROMPTS))
    chosen: list[int] = np.flatnonzero(sources & ~np.isnan(target)).tolist()
    positive = target[chosen] > 0.5
    score = _scores(verdicts, "sexual_minors")[chosen]
    flagged = np.array([verdicts[row].outcome.decision >= Decision.REVIEW for row in chosen])
    named = np.array([_names_minors(verdicts[row]) for row in chosen])
    clusters = [str(row) for row in chosen]
    harmless = held.corpus.head(HARM)[chosen] == 0
    rows = (
        ("recall at 10 % false positives, by score", str(area(recall_at(0.1), score, positive, bench.seed))),
        (
            "recall at shipped thresholds, any BLOCK or REVIEW",
            _share(flagged, positive, clusters, bench.seed),
        ),
        ("recall at shipped thresholds, as sexual_minors", _share(named, positive, clusters, bench.seed)),
        ("flagged as sexual_minors among all others", _share(named, ~positive, clusters, bench.seed)),
        ("BLOCK or REVIEW among the harmless", _share(flagged, harmless, clusters, bench.seed)),
    )
    note = "Positives and negatives come from the prose sets and from prompts with harmless twins."
    findings.sections.append(Section("Sexual content with minors", note, ("what", "figure"), rows))


def _names_minors(verdict: PromptVerdict) -> bool:
    outcome = verdict.outcome
    return outcome.decision >= Decision.REVIEW and any(
        reason.category is Category.SEXUAL_MINORS for reason in outcome.reasons
    )


def _share(hits: npt.NDArray[np.bool_], chosen: npt.NDArray[np.bool_], clusters: list[str], seed: int) -> str:
    rows = np.flatnonzero(chosen)
    estimate: Estimate | None = rate([bool(hits[row]) for row in rows], [clusters[row] for row in rows], seed)
    return f"{estimate} of {len(rows)}" if estimate is not None else "–"


def _harmless(bench: Bench, findings: Findings, held: HeldOut) -> None:
    cases = tuple(
        Case(text, False, f"{source}-{number}", {"source": source})
        for source in heldout.BENIGN
        for number, text in enumerate(held.of(source))
    )
    judged = judge(bench.prompts, Suite("harmless texts", cases))
    sources = by(judged, "source", bench.seed)
    unknown = judge(
        bench.prompts,
        strangers((case.text for case in cases), bench.lexicon, bench.sizes.innocents, bench.seed),
    )
    slices = [*sources, whole(unknown, "words of these outside the dictionary", bench.seed)]
    findings.sections.append(
        Section(
            "Harmless texts at the shipped thresholds",
            "Held out from training. The lexicon's grades were set with all captions in view, so the figure "
            "for captions flatters the rules.",
            SLICE_HEADER,
            slice_rows(slices),
        )
    )
    captions = [one for one in sources if one.value == heldout.CAPTIONS]
    findings.gate_false_positives("captions", bench.bars.captions, captions)
    findings.standing_out += standing_out(slices, whole(judged, "all", bench.seed).false_positives)
    findings.rules += [("harmless texts", *pair) for pair in rules_behind([*judged, *unknown], 12)]


def _disguised(bench: Bench, findings: Findings, held: HeldOut) -> None:
    captions = held.of(heldout.CAPTIONS)[: bench.sizes.disguised_captions]
    judged = judge(bench.prompts, disguised_sentences(captions, bench.seed))
    together = whole(judged, "all", bench.seed)
    kinds = by(judged, "disguise", bench.seed)
    findings.sections.append(
        Section(
            "Harmless sentences in disguise",
            f"{len(captions)} captions with one word or all longer ones under each disguise that leaves no "
            "doubt which word was meant.",
            SLICE_HEADER,
            slice_rows([together, *by(judged, "words", bench.seed), *kinds]),
        )
    )
    findings.gate_false_positives("captions in disguise", bench.bars.disguised_captions, [together])
    findings.standing_out += standing_out(kinds, together.false_positives)
    findings.rules += [("captions in disguise", *pair) for pair in rules_behind(judged, 12)]


def _profanity(bench: Bench, findings: Findings, data: Path) -> None:
    judged = judge(bench.prompts, profanity(data, bench.sizes.obfuscated_words, bench.seed))
    rows = [
        (f"{one.value}, {written}", *slice_rows([one])[0][1:3])
        for written in ("plainly", "disguised")
        for one in sorted(by(only(judged, written=written), "grade", bench.seed), key=lambda one: one.value)
    ]
    note = (
        "The Surge list by its own severity. Severe and strong language is to be flagged, mild language "
        "labelled at least; terms that harmless captions use are neither."
    )
    findings.sections.append(Section("General profanity", note, SLICE_HEADER[:3], tuple(rows)))


def _time(bench: Bench, findings: Findings, held: HeldOut) -> None:
    rows: list[Row] = []
    # Judged prompts are remembered; a filter that has judged none yet is what is timed.
    unworn = bench.over(bench.lexicon)
    for source in (heldout.CAPTIONS, *heldout.USER_PROMPTS):
        texts = held.of(source)[: bench.sizes.timed]
        spent = np.array(cpu_milliseconds(unworn, texts) or [0.0])
        figures = (f"{spent.mean():.2f}", *(f"{np.quantile(spent, part):.2f}" for part in (0.5, 0.99)))
        rows.append((source, str(len(texts)), *figures))
    note = (
        "CPU milliseconds of prompts never seen before, one by one, on the machine this ran on; nothing is "
        "gated by it."
    )
    findings.sections.append(Section("Time", note, ("source", "prompts", "mean", "p50", "p99"), tuple(rows)))
