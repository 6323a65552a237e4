"""The rules of redress: who may appeal what and when, who may decide, and what follows."""

from __future__ import annotations

from services.chassis.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError
from services.chassis.ids import event_id
from services.contracts.vocabulary import AppealOutcome, EventKind
from services.enforcement.events import AccountEvent
from services.enforcement.history import History
from services.enforcement.ladder import DAY_SECONDS, AppealTerms
from services.enforcement.violations import recording_time

_OUTCOME_KINDS = {
    AppealOutcome.UPHELD: EventKind.APPEAL_UPHELD,
    AppealOutcome.OVERTURNED: EventKind.APPEAL_OVERTURNED,
}


def file_appeal(
    history: History, *, tenant: str, violation_id: str, statement: str, terms: AppealTerms, now: float
) -> tuple[AccountEvent, ...]:
    """The appeal to append; none where this very appeal is open already.

    Raises NotFoundError where the account has no such violation, and ConflictError with a code:
    ALREADY_VOID, APPEAL_OPEN, APPEALS_EXHAUSTED or APPEAL_TOO_LATE.
    """
    violation = find_violation(history, violation_id)
    earlier = history.appeals_of(violation_id)
    pending = open_appeal(history, violation_id)
    if pending is not None:
        if pending.statement == statement:
            return ()
        raise ConflictError("an appeal against this violation is open", code="APPEAL_OPEN")
    if history.is_clear(violation):
        raise ConflictError("this violation counts for nothing already", code="ALREADY_VOID")
    if len(earlier) >= terms.per_violation:
        raise ConflictError("this violation was appealed and decided before", code="APPEALS_EXHAUSTED")
    if now >= violation.recorded_at + terms.open_days * DAY_SECONDS:
        raise ConflictError(f"appeals are open for {terms.open_days:g} days", code="APPEAL_TOO_LATE")
    recorded_at = recording_time(history, now)
    return (
        AccountEvent(
            event_id=_derived(tenant, "appeal", violation_id, len(earlier) + 1),
            account=violation.account,
            sequence=history.sequence + 1,
            kind=EventKind.APPEAL_FILED,
            policy_version=violation.policy_version,
            occurred_at=recorded_at,
            recorded_at=recorded_at,
            actor=violation.account,
            item=violation.item,
            category=violation.category,
            refers_to=violation_id,
            statement=statement,
        ),
    )


def resolve_appeal(
    history: History,
    *,
    tenant: str,
    appeal_id: str,
    outcome: AppealOutcome,
    moderator: str,
    statement: str,
    now: float,
) -> tuple[AccountEvent, ...]:
    """The outcome to append and, where it overturns, the void; none where it stands already.

    Raises NotFoundError where the account has no such appeal, ConflictError (ALREADY_RESOLVED)
    where it was decided otherwise or by someone else, and PermissionDeniedError (SAME_DECIDER)
    where the moderator decided the matter before.
    """
    appeal = history.find(appeal_id)
    if appeal is None or appeal.kind is not EventKind.APPEAL_FILED:
        raise NotFoundError("the account has no such appeal", code="NO_SUCH_APPEAL")
    kind = _OUTCOME_KINDS[outcome]
    decided = history.outcome_of(appeal_id)
    if decided is not None:
        if (decided.kind, decided.actor, decided.statement) == (kind, moderator, statement):
            return ()
        raise ConflictError("this appeal is decided", code="ALREADY_RESOLVED")
    violation = find_violation(history, appeal.refers_to)
    _ensure_other_decider(history, violation, moderator)
    recorded_at = recording_time(history, now)
    ruling = AccountEvent(
        event_id=_derived(tenant, "appeal-outcome", appeal_id, 1),
        account=appeal.account,
        sequence=history.sequence + 1,
        kind=kind,
        policy_version=violation.policy_version,
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        actor=moderator,
        item=violation.item,
        category=violation.category,
        refers_to=appeal_id,
        statement=statement,
    )
    return (ruling, _void(tenant, violation, ruling)) if outcome is AppealOutcome.OVERTURNED else (ruling,)


def find_violation(history: History, violation_id: str) -> AccountEvent:
    """NotFoundError where the account has none of that id; another account's is none of its own."""
    violation = history.find(violation_id)
    if violation is None or violation.kind is not EventKind.VIOLATION:
        raise NotFoundError("the account has no such violation", code="NO_SUCH_VIOLATION")
    return violation


def open_appeal(history: History, violation_id: str) -> AccountEvent | None:
    """The appeal that waits for its outcome."""
    appeals = history.appeals_of(violation_id)
    return next((appeal for appeal in appeals if history.outcome_of(appeal.event_id) is None), None)


def _void(tenant: str, violation: AccountEvent, ruling: AccountEvent) -> AccountEvent:
    return AccountEvent(
        event_id=_derived(tenant, "void", violation.event_id, 1),
        account=violation.account,
        sequence=ruling.sequence + 1,
        kind=EventKind.VOID,
        policy_version=violation.policy_version,
        occurred_at=ruling.recorded_at,
        recorded_at=ruling.recorded_at,
        actor=ruling.actor,
        item=violation.item,
        category=violation.category,
        refers_to=violation.event_id,
    )


def _ensure_other_decider(history: History, violation: AccountEvent, moderator: str) -> None:
    if not moderator:
        raise InvalidInputError("an appeal is decided by a named person", code="MISSING_MODERATOR")
    outcomes = (history.outcome_of(appeal.event_id) for appeal in history.appeals_of(violation.event_id))
    involved = {violation.actor, violation.account, *(outcome.actor for outcome in outcomes if outcome)}
    if moderator.casefold() in {name.casefold() for name in involved}:
        raise PermissionDeniedError(
            "someone who decided before, or is concerned, may not decide the appeal", code="SAME_DECIDER"
        )


def _derived(tenant: str, source: str, item: str, number: int) -> str:
    return event_id(tenant=tenant, source=f"enforcement.{source}", item=item, policy_version=str(number))
