"""Everything found in one prompt, before it is weighed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from services.prompt_filter.ages import Age
from services.prompt_filter.context import Standing
from services.prompt_filter.lexicon import Grade, Role
from services.prompt_filter.matching.hits import Hit

_BESIDE = 3


class Finding(NamedTuple):
    """A hit and how it stands in the prompt."""

    hit: Hit
    standing: Standing = Standing.SOUGHT

    @property
    def role(self) -> Role:
        return self.hit.entry.role

    @property
    def grade(self) -> Grade:
        return self.hit.entry.grade


@dataclass(frozen=True, slots=True)
class Evidence:
    """Findings and ages of one prompt.

    Attributes:
        disguised: characters were hidden, mixed or styled; by itself a sign of intent.
        unread: more was disguised than is looked into.
        reference_face: a picture of a real face was supplied.
    """

    findings: tuple[Finding, ...] = ()
    ages: tuple[Age, ...] = ()
    disguised: bool = False
    unread: bool = False
    reference_face: bool = False
    _by_role: dict[Role, tuple[Finding, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for finding in self.findings:
            if finding.standing is Standing.SOUGHT:
                self._by_role[finding.role] = (*self._by_role.get(finding.role, ()), finding)

    def of(self, role: Role, *grades: Grade) -> tuple[Finding, ...]:
        """Sought findings of a role, of these grades (or of any)."""
        found = self._by_role.get(role, ())
        return tuple(one for one in found if one.grade in grades) if found and grades else found

    @property
    def minors_age(self) -> Age | None:
        return next((age for age in self.ages if age.minor), None)

    @property
    def only_adult_ages(self) -> bool:
        """An age is said, and none is a minor's."""
        return bool(self.ages) and self.minors_age is None


def doubted(findings: tuple[Finding, ...], *, disguised: bool) -> tuple[Finding, ...]:
    """The findings, aggressive readings in doubt where nothing else speaks for them."""
    if disguised or any(map(_speaks, findings)):
        return findings
    return tuple(
        one._replace(standing=Standing.DOUBTFUL)
        if one.hit.view.aggressive and one.standing is not Standing.EXCLUDED
        else one
        for one in findings
    )


def _speaks(finding: Finding) -> bool:
    """Whether it says something by itself."""
    telling = finding.role.category is not None and finding.grade is not Grade.AMBIGUOUS
    return telling and not finding.hit.view.aggressive


def without_overlaps(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Of findings of one role at overlapping places, the gravest; then the longest."""
    findings = tuple(findings)
    if len(findings) < 2:
        return findings
    order = list(Grade)
    kept: list[Finding] = []
    taken: dict[Role, list[tuple[int, int]]] = {}
    for finding in sorted(
        findings, key=lambda one: (order.index(one.grade), one.hit.start - one.hit.end, one.hit.start)
    ):
        places = taken.setdefault(finding.role, [])
        place = (finding.hit.start, finding.hit.end)
        at = bisect_right(places, place)
        before = at > 0 and places[at - 1][1] > place[0]
        after = at < len(places) and places[at][0] < place[1]
        if not (before or after):
            places.insert(at, place)
            kept.append(finding)
    return tuple(_released(sorted(kept, key=lambda one: (one.hit.start, one.hit.end))))


def _released(findings: list[Finding]) -> Iterator[Finding]:
    """What follows right upon an undressing term is sought: its "without" leaves out clothes alone."""
    undressed = -_BESIDE - 1
    for finding in findings:
        beside = 0 <= finding.hit.start - undressed <= _BESIDE
        if finding.role is Role.UNDRESS and finding.standing is Standing.SOUGHT:
            undressed = finding.hit.end
        released = beside and finding.standing is Standing.EXCLUDED
        yield finding._replace(standing=Standing.SOUGHT) if released else finding
