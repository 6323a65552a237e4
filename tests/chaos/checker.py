"""What must hold after a run, whatever happened in it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.effects import Effect
from tests.chaos.events import DEAD, ChaosEvent


@dataclass(frozen=True, slots=True)
class DeadLetterSeen:
    """One dead letter: which stage gave up which event, and why."""

    stage: str
    number: int
    reason: str


@dataclass(slots=True)
class Findings:
    """What the checker found. `faults` is empty when all is well; duplicates are no fault."""

    faults: list[str] = field(default_factory=list)
    effective: int = 0
    duplicates: int = 0
    dead_letters: int = 0

    def blame(self, problem: str, numbers: Collection[int]) -> None:
        """Add a fault where there is any number to blame."""
        if numbers:
            self.faults.append(f"{problem}: {len(numbers)}, for example {sorted(numbers)[:5]}")


def check(
    accepted: Sequence[ChaosEvent],
    effects: Iterable[Effect],
    dead_letters: Iterable[DeadLetterSeen],
    stages: Collection[str],
) -> Findings:
    """Compare what was accepted with what each stage did."""
    findings = Findings()
    by_stage: Mapping[str, list[Effect]] = _grouped(effects)
    dead_by_stage: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for letter in dead_letters:
        dead_by_stage[letter.stage][letter.number] = letter.reason
    for stage in stages:
        _check_stage(stage, accepted, by_stage.get(stage, []), dead_by_stage[stage], findings)
    return findings


def _grouped(effects: Iterable[Effect]) -> Mapping[str, list[Effect]]:
    groups: defaultdict[str, list[Effect]] = defaultdict(list)
    for effect in effects:
        groups[effect.stage].append(effect)
    return groups


def _check_stage(
    stage: str,
    accepted: Sequence[ChaosEvent],
    effects: Sequence[Effect],
    dead: Mapping[int, str],
    findings: Findings,
) -> None:
    times = Counter(effect.number for effect in effects)
    good = {event.number for event in accepted if event.kind not in DEAD}
    poison = {event.number: DEAD[event.kind] for event in accepted if event.kind in DEAD}
    findings.effective += len(times)
    findings.duplicates += times.total() - len(times)
    findings.dead_letters += len(dead)
    findings.blame(f"{stage}: lost", good - times.keys())
    findings.blame(f"{stage}: effects nobody asked for", times.keys() - good)
    findings.blame(f"{stage}: poison not among the dead letters", poison.keys() - dead.keys())
    findings.blame(f"{stage}: dead letters that are no poison", dead.keys() - poison.keys())
    wrong = {number for number in poison.keys() & dead.keys() if poison[number] != dead[number]}
    findings.blame(f"{stage}: dead letters with a wrong reason", wrong)
    findings.blame(f"{stage}: out of their key's order", _out_of_order(effects))


def _out_of_order(effects: Iterable[Effect]) -> set[int]:
    """Events whose first effect came after that of a later event of their key."""
    latest: dict[int, int] = {}
    seen: set[int] = set()
    wrong: set[int] = set()
    for effect in effects:
        if effect.number in seen:
            continue
        seen.add(effect.number)
        if effect.sequence < latest.get(effect.key, -1):
            wrong.add(effect.number)
        latest[effect.key] = max(effect.sequence, latest.get(effect.key, -1))
    return wrong
