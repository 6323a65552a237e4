"""The hot path: may this account use this feature now?"""

from __future__ import annotations

from dataclasses import dataclass

from services.chassis.signals import Reason
from services.contracts.vocabulary import Feature, RestrictionKind, StandingLevel
from services.enforcement.standing import Standing

_WITHHOLDS = {
    Feature.GENERATE: frozenset({RestrictionKind.GENERATION, RestrictionKind.ALL}),
    Feature.UPLOAD: frozenset({RestrictionKind.UPLOAD, RestrictionKind.ALL}),
}


@dataclass(frozen=True, slots=True)
class Access:
    """The answer.

    Attributes:
        level: None where the standing could not be learnt; the declared answer was given.
        reasons: why not, where it is not allowed.
        until: seconds since the epoch; None where nothing ends it, or it is allowed.
    """

    allowed: bool
    level: StandingLevel | None
    reasons: tuple[Reason, ...] = ()
    until: float | None = None


@dataclass(frozen=True, slots=True)
class WhenUnavailable:
    """The declared answers to accounts whose standing cannot be learnt: cold and without a store."""

    generate: bool = False
    upload: bool = True

    def access(self, feature: Feature) -> Access:
        allowed = self.generate if feature is Feature.GENERATE else self.upload
        return Access(allowed, level=None)


def access(standing: Standing, feature: Feature) -> Access:
    """What the standing means for the feature. A rate limit is the caller's to apply, not a refusal."""
    withheld = [r for r in standing.restrictions if r.kind in _WITHHOLDS[feature]]
    if not withheld:
        return Access(True, standing.level)
    ends = [restriction.until for restriction in withheld]
    until = None if None in ends else max(end for end in ends if end is not None)
    return Access(False, standing.level, standing.reasons, until)
