"""Generated from the protos by protos/generate.py. Do not edit."""

from enum import IntEnum


class Word(IntEnum):
    """An enum of the protos; compares by consequence where numbers rise with it."""

    # Enum hashes names in Python; these are keys on hot paths.
    __hash__ = int.__hash__

    @property
    def label(self) -> str:
        """The name in lower case, as it stands in JSON keys, rules and metrics."""
        return self.name.lower()


class Category(Word):
    SEXUAL = 1
    SEXUAL_MINORS = 2
    NONCONSENSUAL = 3
    VIOLENCE = 4
    GRAPHIC_VIOLENCE = 5


class Decision(Word):
    ALLOW = 1
    LABEL = 2
    REVIEW = 3
    BLOCK = 4


class Severity(Word):
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class AbsenceCause(Word):
    NOT_CONFIGURED = 1
    TIMEOUT = 2
    FAILED = 3
    UNSUPPORTED = 4
    OVERLOADED = 5
    MISSING_INPUT = 6


class ProvenanceVerdict(Word):
    YES = 1
    EDITED = 2
    NO_EVIDENCE = 3
    UNKNOWN = 4


class PValueKind(Word):
    CERTIFIED = 1
    CALIBRATED = 2
    DECLARED = 3
    UNCALIBRATED = 4


class StandingLevel(Word):
    GOOD = 1
    WARNED = 2
    LIMITED = 3
    SUSPENDED = 4
    BANNED = 5


class RestrictionKind(Word):
    RATE_LIMIT = 1
    GENERATION = 2
    UPLOAD = 3
    ALL = 4


class Feature(Word):
    GENERATE = 1
    UPLOAD = 2


class EventKind(Word):
    VIOLATION = 1
    APPEAL_FILED = 2
    APPEAL_UPHELD = 3
    APPEAL_OVERTURNED = 4
    VOID = 5


class AppealOutcome(Word):
    UPHELD = 1
    OVERTURNED = 2
