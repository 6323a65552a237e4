"""Where generations wait."""

from __future__ import annotations

from typing import Protocol

from services.joint_scorer.joining import Generation, GenerationKey


class PendingHalves(Protocol):
    """Keeps what is known of generations until they are decided and for some time after.

    Survives the process. Every method raises UnavailableError where the store does not answer.
    """

    async def get(self, key: GenerationKey) -> Generation | None:
        """What is known, None where nothing is."""

    async def put(self, generation: Generation) -> bool:
        """Write it with its version raised by one, if the stored version is still the one it carries
        (0: there is none yet). False where somebody else was first; read again then."""

    async def waiting(self, *, due_by: float, limit: int) -> list[Generation]:
        """Undecided generations whose time is up, the longest waiting first."""

    async def unstated(self, *, decided_by: float, limit: int) -> list[Generation]:
        """Decided at or before that moment, their verdict not yet published; the oldest first."""

    async def forget(self, *, decided_by: float) -> int:
        """Remove what was decided and published by then; how many."""
