"""What is in flight, and the rule that it completes strictly in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass

from services.chassis.streams.event import Event


@dataclass(slots=True, eq=False)
class Work:
    """One event in flight.

    Attributes:
        token: the driver's own handle, given back on completion.
        following: the next event of the same key, which waits for this one.
        task: the task that attempts the event; None before, between and after attempts.
        deadline: on the clock's monotonic scale; meaningful once attempts began.
        interrupted: the attempt was broken off, by the deadline or because it was dropped.
        dropped: its partition is no longer ours; it must not complete.
    """

    event: Event
    token: object = None
    following: Work | None = None
    task: asyncio.Task[None] | None = None
    deadline: float = 0.0
    finished: bool = False
    interrupted: bool = False
    dropped: bool = False


class OrderedWindow:
    """Events in flight by partition; calls `completed` for the finished head of each, in order.

    An event that finished before an earlier one of its partition waits for it, so whatever was
    called for is a prefix: everything before it is done and may be committed.
    """

    def __init__(self, completed: Callable[[Event, object], None]) -> None:
        self._completed = completed
        self._partitions: dict[int, deque[Work]] = {}
        self.size = 0

    def add(self, work: Work) -> None:
        """Take an event, in the order of its partition."""
        partition = work.event.partition
        queue = self._partitions.get(partition)
        if queue is None:
            queue = self._partitions[partition] = deque()
        queue.append(work)
        self.size += 1

    def finish(self, work: Work) -> None:
        """Mark an event done or dead-lettered, and complete what that makes a prefix."""
        work.finished = True
        if work.dropped:
            return
        queue = self._partitions[work.event.partition]
        while queue and queue[0].finished:
            head = queue.popleft()
            self.size -= 1
            self._completed(head.event, head.token)

    def drop(self, partitions: Collection[int]) -> list[Work]:
        """Forget the events of `partitions`; none of them will complete."""
        dropped = [work for partition in partitions for work in self._partitions.pop(partition, ())]
        for work in dropped:
            work.dropped = True
        self.size -= len(dropped)
        return dropped

    def holds(self, partitions: Collection[int]) -> bool:
        """Whether anything of `partitions` is in flight."""
        return any(self._partitions.get(partition) for partition in partitions)

    def partitions(self) -> list[int]:
        """The partitions with events in flight."""
        return [partition for partition, queue in self._partitions.items() if queue]

    def position(self, partition: int) -> int | None:
        """Offset of the oldest event in flight, None when there is none."""
        queue = self._partitions.get(partition)
        return queue[0].event.offset if queue else None

    def oldest_timestamp(self) -> float | None:
        """The broker's time of the oldest event in flight, None when there is none."""
        heads = [queue[0].event.timestamp for queue in self._partitions.values() if queue]
        return min(heads, default=None)
