"""Which faults strike, and when: drawn from the seed."""

import random
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What can happen to a running system."""

    KILL_WORKER = "kill_worker"
    DEPLOY_WORKER = "deploy_worker"
    BROKER_DOWN = "broker_down"


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault, due when `after` of the expected effects have been seen.

    Attributes:
        target: the worker's slot, or the broker's node from 1.
        seconds: how long a broker stays down.
    """

    after: float
    fault: Fault
    target: int
    seconds: float = 0.0


def draw_strikes(count: int, *, slots: int, nodes: int, draw: random.Random) -> list[Strike]:
    """`count` strikes spread over the run, each kind among them in turn, in a drawn order."""
    kinds = [list(Fault)[index % len(Fault)] for index in range(count)]
    draw.shuffle(kinds)
    broker_turns = 0
    strikes = []
    for index, kind in enumerate(kinds):
        after = (index + draw.uniform(0.2, 0.8)) / count * 0.95
        if kind is Fault.BROKER_DOWN:
            # Rolling: no two nodes are down at once, each gets its turn.
            strikes.append(Strike(after, kind, broker_turns % nodes + 1, draw.uniform(1.0, 4.0)))
            broker_turns += 1
        else:
            strikes.append(Strike(after, kind, draw.randrange(slots)))
    return strikes
