"""Generations in memory: for tests and for processes without a broker."""

from __future__ import annotations

from dataclasses import replace

from services.joint_scorer.joining import Generation, GenerationKey


class MemoryPendingHalves:
    """See PendingHalves; survives nothing."""

    def __init__(self) -> None:
        self._generations: dict[GenerationKey, Generation] = {}

    async def get(self, key: GenerationKey) -> Generation | None:
        return self._generations.get(key)

    async def put(self, generation: Generation) -> bool:
        held = self._generations.get(generation.key)
        if (held.version if held else 0) != generation.version:
            return False
        self._generations[generation.key] = replace(generation, version=generation.version + 1)
        return True

    async def waiting(self, *, due_by: float, limit: int) -> list[Generation]:
        waiting = [each for each in self._all() if each.verdict is None and each.due <= due_by]
        return sorted(waiting, key=lambda each: each.due)[:limit]

    async def unstated(self, *, decided_by: float, limit: int) -> list[Generation]:
        unstated = [each for each in self._all() if each.unstated and each.decided_at <= decided_by]
        return sorted(unstated, key=lambda each: each.decided_at)[:limit]

    async def forget(self, *, decided_by: float) -> int:
        old = [
            each.key
            for each in self._all()
            if each.verdict is not None and not each.unstated and each.decided_at <= decided_by
        ]
        for key in old:
            del self._generations[key]
        return len(old)

    def _all(self) -> list[Generation]:
        return list(self._generations.values())
