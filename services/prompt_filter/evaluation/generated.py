"""Findings on the sets that are generated from what lies in the repository."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.prompt_filter.evaluation.bars import Bars
from services.prompt_filter.evaluation.cases import PLAIN, Suite
from services.prompt_filter.evaluation.declaration import declaration
from services.prompt_filter.evaluation.findings import (
    SLICE_HEADER,
    Findings,
    Section,
    slice_rows,
)
from services.prompt_filter.evaluation.identities import identities
from services.prompt_filter.evaluation.innocents import (
    holding_a_listed_word,
    innocent_words,
    innocents,
    withheld,
)
from services.prompt_filter.evaluation.judging import Judged, judge
from services.prompt_filter.evaluation.languages import languages
from services.prompt_filter.evaluation.misspellings import misspellings
from services.prompt_filter.evaluation.obfuscation import disguised_minors, obfuscation
from services.prompt_filter.evaluation.prose import ordinary_prose
from services.prompt_filter.evaluation.sizes import Sizes
from services.prompt_filter.evaluation.slices import (
    Slice,
    by,
    kept_share,
    only,
    rules_behind,
    standing_out,
    whole,
)
from services.prompt_filter.evaluation.syntax_pairs import syntax_pairs
from services.prompt_filter.evaluation.terms import Terms
from services.prompt_filter.filter import PromptFilter
from services.prompt_filter.lexicon import Lexicon

DATA: Final = Path(__file__).parent / "data"
_WITHHELD: Final = 0.2
_RULES_NAMED: Final = 12


@dataclass(frozen=True)
class Bench:
    """What every measurement needs.

    `over` gives the same filter over another lexicon.
    """

    prompts: PromptFilter
    over: Callable[[Lexicon], PromptFilter]
    lexicon: Lexicon
    sizes: Sizes
    bars: Bars
    seed: int

    @property
    def terms(self) -> Terms:
        return Terms(self.lexicon, self.seed)


def measure_generated(bench: Bench, findings: Findings) -> None:
    """Every generated set, in the order of the report."""
    _obfuscation(bench, findings)
    _minors_in_disguise(bench, findings)
    _misspellings(bench, findings)
    _languages(bench, findings)
    _declaration(bench, findings)
    _innocents(bench, findings)
    _prose(bench, findings)
    _identities(bench, findings)
    _syntax(bench, findings)


def _obfuscation(bench: Bench, findings: Findings) -> None:
    judged = _judged(bench, findings, obfuscation(bench.terms, bench.sizes.obfuscated_words, bench.seed))
    hidden = [one for one in judged if one.case.slices["disguise"] != PLAIN]
    everything = whole(hidden, "all disguises", bench.seed)
    kinds = by(judged, "disguise", bench.seed)
    kept = [kept_share(judged, one, "disguise", bench.seed) for one in kinds if one.value != PLAIN]
    others = [*by(hidden, "length", bench.seed), *by(hidden, "carrier", bench.seed)]
    findings.sections.append(
        Section(
            "Disguised words",
            "Listed words and ordinary dictionary words, each under every disguise. `Recall kept` is of the "
            "words that are flagged as they are written.",
            (*SLICE_HEADER, "recall kept"),
            (
                *((*row, "–") for row in slice_rows([everything, *others, kinds[0]])),
                *(
                    (*slice_rows([one])[0], f"{share:.3f}")
                    for one, share in zip(kinds[1:], kept, strict=True)
                ),
            ),
        )
    )
    if everything.f1 is not None and everything.false_positives is not None:
        findings.gate("obfuscation: F1", bench.bars.obfuscation_f1, everything.f1.value)
        findings.gate(
            "obfuscation: false positives",
            bench.bars.obfuscation_false_positives,
            everything.false_positives.value,
            at_least=False,
        )
    mean = sum(kept) / len(kept)
    findings.gate("obfuscation: recall kept, mean of kinds", bench.bars.recall_kept, mean)
    findings.standing_out += standing_out(kinds, everything.false_positives)


def _minors_in_disguise(bench: Bench, findings: Findings) -> None:
    judged = _judged(bench, findings, disguised_minors(bench.terms, bench.sizes.obfuscated_words, bench.seed))
    kinds = by(judged, "disguise", bench.seed)
    _section(
        findings,
        "A minor indicator with a sexual term, both disguised",
        "Flagged for that very category.",
        kinds,
    )
    recalls = [kind.recall.value for kind in kinds if kind.recall is not None]
    mean = sum(recalls) / len(recalls)
    findings.gate("minors in disguise: recall, mean of kinds", bench.bars.conjunction_recall, mean)


def _misspellings(bench: Bench, findings: Findings) -> None:
    judged = _judged(bench, findings, misspellings(bench.terms, bench.sizes.obfuscated_words, bench.seed))
    kinds = by(judged, "misspelling", bench.seed)
    kept = [kept_share(judged, one, "misspelling", bench.seed) for one in kinds if one.value != PLAIN]
    rows = slice_rows(kinds)
    findings.sections.append(
        Section(
            "Misspelled words",
            "As people misspell them: by ear, by hand, on purpose. What is a word as it stands is left out.",
            (*SLICE_HEADER, "recall kept"),
            ((*rows[0], "–"), *((*row, f"{share:.3f}") for row, share in zip(rows[1:], kept, strict=True))),
        )
    )
    findings.gate("misspellings: recall kept, mean of kinds", bench.bars.recall_kept, sum(kept) / len(kept))
    missed = [one for one in judged if one.case.slices["misspelling"] != PLAIN]
    together = whole(missed, "all", bench.seed)
    findings.gate_false_positives("misspellings", bench.bars.misspelled_false_positives, [together])


def _languages(bench: Bench, findings: Findings) -> None:
    suite = languages(bench.terms, DATA, per_language=bench.sizes.terms_per_language, seed=bench.seed)
    judged = _judged(bench, findings, suite)
    terms = [one for one in judged if one.case.slices["what"] in ("term", "ordinary noun")]
    spoken = by(terms, "language", bench.seed)
    _section(
        findings,
        "Languages",
        "Terms that the shipped policy flags alone, against ordinary nouns in the same sentences.",
        spoken,
    )
    findings.gate_recall("language recall", bench.bars.language_recall, spoken)
    findings.gate_false_positives("language false positives", bench.bars.language_false_positives, spoken)
    findings.standing_out += standing_out(spoken, whole(terms, "all", bench.seed).false_positives)
    for what, title in (
        ("mild term", "Languages: mild terms"),
        ("minor and sexual", "Languages: a minor indicator with a sexual term"),
        ("person and clothes off", "Languages: a person with clothes taken off"),
    ):
        mine = by(only(judged, what=what), "language", bench.seed)
        note = "Flagged for that very category." if " and " in what else "LABEL is what is expected of these."
        _section(findings, title, note, mine)
        if " and " in what:
            findings.gate_recall(what, bench.bars.conjunction_recall, mine)


def _innocents(bench: Bench, findings: Findings) -> None:
    known = _judged(bench, findings, innocents(bench.lexicon, bench.sizes.innocents, bench.seed))
    lexicon, out = withheld(bench.lexicon, _WITHHELD, bench.seed)
    words = holding_a_listed_word(out, lexicon)[: bench.sizes.innocents]
    unknown = judge(bench.over(lexicon), innocent_words(words, "withheld", bench.seed))
    slices = [
        whole(known, "words of the dictionary", bench.seed),
        *by(known, "form", bench.seed),
        whole(unknown, "words withheld from the dictionary", bench.seed),
    ]
    _section(
        findings,
        "Innocent words that hold a listed one",
        "The second kind is measured with a fifth of the dictionary taken away: what a word that no "
        "dictionary knows may expect.",
        slices,
    )
    findings.gate_false_positives("innocent words", bench.bars.innocents, slices[:1])
    findings.rules += [("withheld words", *pair) for pair in rules_behind(unknown, _RULES_NAMED)]


def _declaration(bench: Bench, findings: Findings) -> None:
    judged = _judged(bench, findings, declaration(DATA))
    everything = whole(judged, "all", bench.seed)
    spoken = by(judged, "language", bench.seed)
    _section(
        findings,
        "Ordinary text in many languages",
        "The Universal Declaration of Human Rights, some 58 paragraphs a language.",
        [everything, *spoken],
    )
    findings.gate_false_positives("ordinary text", bench.bars.language_false_positives, [everything])
    findings.standing_out += standing_out(spoken, everything.false_positives)


def _prose(bench: Bench, findings: Findings) -> None:
    judged = _judged(bench, findings, ordinary_prose(bench.sizes.prose, bench.seed))
    everything = whole(judged, "all", bench.seed)
    _section(
        findings,
        "Ordinary prose",
        "Documentation of Python's own library: prose of no kind that training has seen, which kills "
        "processes and aborts their children.",
        [everything, *by(judged, "length", bench.seed)],
    )
    findings.gate_false_positives("ordinary prose", bench.bars.prose, [everything])


def _identities(bench: Bench, findings: Findings) -> None:
    judged = _judged(bench, findings, identities(DATA))
    everyone = whole(judged, "all", bench.seed)
    groups, domains = by(judged, "group", bench.seed), by(judged, "domain", bench.seed)
    named = by(judged, "identity", bench.seed)
    _section(
        findings,
        "Mentions of identities",
        "Harmless sentences; every identity in every domain.",
        [everyone, *groups, *domains],
    )
    flagged = sorted(
        (one for one in named if one.false_positives and one.false_positives.value > 0),
        key=lambda one: (-(one.false_positives.value if one.false_positives else 0.0), one.value),
    )
    _section(findings, "Mentions of identities: terms with any false positive", "", flagged)
    findings.gate_false_positives("identity", bench.bars.identities, [everyone, *groups, *domains])
    findings.standing_out += standing_out([*groups, *domains, *named], everyone.false_positives)


def _syntax(bench: Bench, findings: Findings) -> None:
    suite = syntax_pairs(bench.terms, DATA, count=bench.sizes.terms_in_syntax, seed=bench.seed)
    judged = _judged(bench, findings, suite)
    for expectation in dict.fromkeys(one.case.slices["expectation"] for one in judged):
        mine = only(judged, expectation=expectation)
        kinds = by(mine, "kind", bench.seed)
        together = [whole(mine, expectation, bench.seed)]
        _section(findings, f"Prompt syntax: {expectation}", _SYNTAX_NOTES.get(expectation, ""), kinds)
        findings.gate_recall("prompt syntax", bench.bars.conjunction_recall, together)
        findings.gate_false_positives("prompt syntax", bench.bars.syntax_false_positives, together)


_SYNTAX_NOTES: Final = {
    "adult or thing": "A false positive is a verdict for `sexual_minors`; that the prompt is sexual stands.",
    "mentioned": "LABEL is right here; BLOCK and REVIEW are false positives.",
}


def _judged(bench: Bench, findings: Findings, suite: Suite) -> list[Judged]:
    judged = judge(bench.prompts, suite)
    findings.rules += [(suite.name, *pair) for pair in rules_behind(judged, _RULES_NAMED)]
    return judged


def _section(findings: Findings, title: str, note: str, slices: list[Slice]) -> None:
    if slices:
        findings.sections.append(Section(title, note, SLICE_HEADER, slice_rows(slices)))
