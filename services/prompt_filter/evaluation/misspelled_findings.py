"""Findings on whole texts with misspelled words."""

from __future__ import annotations

from typing import Final

from services.prompt_filter.evaluation import heldout
from services.prompt_filter.evaluation.findings import SLICE_HEADER, Findings, Section, slice_rows
from services.prompt_filter.evaluation.generated import Bench
from services.prompt_filter.evaluation.heldout import HeldOut
from services.prompt_filter.evaluation.judging import judge
from services.prompt_filter.evaluation.misspelled_texts import misspelled, slipped
from services.prompt_filter.evaluation.slices import by, kept_share, rules_behind, whole

_HARMFUL: Final = (*heldout.PROSE, *heldout.USER_PROMPTS, *heldout.ADVERSARIAL, "overt_unsafe")


def measure_misspelled(bench: Bench, findings: Findings, held: HeldOut) -> None:
    """Harmless captions with slips of the hand, harmful texts with their listed words misspelled."""
    _slipped(bench, findings, held)
    _misspelled(bench, findings, held)


def _slipped(bench: Bench, findings: Findings, held: HeldOut) -> None:
    captions = held.of(heldout.CAPTIONS)[: bench.sizes.slipped_captions]
    judged = judge(bench.prompts, slipped(captions, bench.terms.known(), bench.seed))
    together = whole(judged, "all", bench.seed)
    findings.sections.append(
        Section(
            "Harmless sentences with slips of the hand",
            f"{len(captions)} captions with one or two of their longer words misspelled: a letter dropped, "
            "doubled or struck beside its key, two swapped. What makes another word is left out.",
            SLICE_HEADER,
            slice_rows([together, *by(judged, "slips", bench.seed)]),
        )
    )
    findings.gate_false_positives("captions with slips", bench.bars.slipped_captions, [together])
    findings.rules += [("captions with slips", *pair) for pair in rules_behind(judged, 12)]


def _misspelled(bench: Bench, findings: Findings, held: HeldOut) -> None:
    terms = bench.terms
    suite = misspelled(held.of(*_HARMFUL), terms.speaking(), terms.known(), bench.seed)
    judged = judge(bench.prompts, suite)
    plain, *kinds = by(judged, "misspelling", bench.seed)
    kept = [kept_share(judged, kind, "misspelling", bench.seed) for kind in kinds]
    rows = slice_rows([plain, *kinds])
    findings.sections.append(
        Section(
            "Harmful texts with their listed words misspelled",
            "Held-out texts that hold a word flagged alone, with every such word misspelled. `Recall kept` "
            "is of the texts that are flagged as they are written.",
            (*SLICE_HEADER[:3], "recall kept"),
            (
                (*rows[0][:3], "–"),
                *((*row[:3], f"{share:.3f}") for row, share in zip(rows[1:], kept, strict=True)),
            ),
        )
    )
    mean = sum(kept) / len(kept)
    findings.gate("harmful texts misspelled: recall kept, mean of kinds", bench.bars.recall_kept, mean)
