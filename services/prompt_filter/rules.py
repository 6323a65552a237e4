"""Rules over evidence: what terms mean alone, and what they mean together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.contracts.vocabulary import Category, Severity
from services.prompt_filter.context import Standing
from services.prompt_filter.evidence import Evidence, Finding
from services.prompt_filter.lexicon import Grade, Role

_SPEAKING = (Grade.EXPLICIT, Grade.VULGAR, Grade.SUGGESTIVE, Grade.HOMOGRAPH)


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule that applies: to which category, how strongly, and on which range of the canonical text.

    `rule` is `<family>:<detail>`; the policy decides by the family.
    """

    category: Category
    severity: Severity
    rule: str
    start: int
    end: int


def grounds(evidence: Evidence) -> tuple[Ground, ...]:
    """Every rule that applies, in a fixed order."""
    found = (*_alone(evidence), *_minors(evidence), *_real_person(evidence), *_gore(evidence))
    return (*found, *_unread(evidence))


def _alone(evidence: Evidence) -> Iterator[Ground]:
    for finding in evidence.findings:
        category = finding.role.category
        if category is None or finding.standing is Standing.EXCLUDED:
            continue
        family = _family(finding)
        if family is not None:
            yield _ground(finding, category, finding.grade.severity, f"{family}:{finding.hit.entry.id}")


def _family(finding: Finding) -> str | None:
    """Rule family of a term by itself; None where it says nothing alone."""
    if finding.grade is Grade.AMBIGUOUS or finding.role in (Role.VIOLENCE, Role.GORE):
        return None
    if finding.standing is Standing.SOUGHT:
        return f"term-{finding.grade.value}"
    return finding.standing.value


def _minors(evidence: Evidence) -> Iterator[Ground]:
    sexual = evidence.of(Role.SEXUAL, *_SPEAKING)
    if not sexual:
        sexual = evidence.of(Role.UNDRESS)
    if not sexual:
        return
    age = evidence.minors_age
    if age is not None:
        severity = Severity.CRITICAL
        yield Ground(Category.SEXUAL_MINORS, severity, "minor-and-sexual:age", age.start, age.end)
    certain = [one for one in evidence.of(Role.MINOR, Grade.EXPLICIT) if _beside(one, sexual)]
    for finding in certain:
        yield _ground(
            finding, Category.SEXUAL_MINORS, Severity.CRITICAL, f"minor-and-sexual:{finding.hit.entry.id}"
        )
    if certain or age is not None or evidence.only_adult_ages:
        return
    if any(one.grade is not Grade.SUGGESTIVE for one in sexual):
        for finding in evidence.of(Role.MINOR, Grade.AMBIGUOUS):
            if not _beside(finding, sexual):
                continue
            yield _ground(
                finding,
                Category.SEXUAL_MINORS,
                Severity.HIGH,
                f"perhaps-minor-and-sexual:{finding.hit.entry.id}",
            )


def _beside(finding: Finding, others: Iterable[Finding]) -> bool:
    """Whether one of the others is more than the same word as another language has it."""
    hit = finding.hit
    return any(
        (one.hit.start, one.hit.end) != (hit.start, hit.end) or one.hit.entry.language == hit.entry.language
        for one in others
    )


def _real_person(evidence: Evidence) -> Iterator[Ground]:
    undress = evidence.of(Role.UNDRESS)
    sexual = evidence.of(Role.SEXUAL, *_SPEAKING)
    persons = evidence.of(Role.PERSON, Grade.EXPLICIT)
    if evidence.reference_face:
        for finding in (*undress, *sexual):
            yield _ground(finding, Category.NONCONSENSUAL, Severity.HIGH, "reference-face-and-sexual:face")
    for finding in persons:
        if undress or sexual:
            rule = "person-and-undress" if undress else "person-and-sexual"
            yield _ground(finding, Category.NONCONSENSUAL, Severity.HIGH, f"{rule}:{finding.hit.entry.id}")
    if persons or evidence.reference_face:
        return
    if undress and sexual:
        yield _ground(undress[0], Category.NONCONSENSUAL, Severity.HIGH, f"undress:{undress[0].hit.entry.id}")
    for finding in evidence.of(Role.PERSON, Grade.AMBIGUOUS):
        if undress or sexual:
            yield _ground(
                finding,
                Category.NONCONSENSUAL,
                Severity.MEDIUM,
                f"perhaps-person-and-sexual:{finding.hit.entry.id}",
            )


def _gore(evidence: Evidence) -> Iterator[Ground]:
    violence, gore = evidence.of(Role.VIOLENCE), evidence.of(Role.GORE)
    if violence and gore:
        for finding in gore:
            yield _ground(
                finding,
                Category.GRAPHIC_VIOLENCE,
                Severity.MEDIUM,
                f"violence-and-gore:{finding.hit.entry.id}",
            )


def _unread(evidence: Evidence) -> Iterator[Ground]:
    """What cannot be read whole is not passed unseen."""
    if evidence.unread:
        yield Ground(Category.SEXUAL, Severity.LOW, "unread:disguise", 0, 0)


def _ground(finding: Finding, category: Category, severity: Severity, rule: str) -> Ground:
    return Ground(category, severity, rule, finding.hit.start, finding.hit.end)
