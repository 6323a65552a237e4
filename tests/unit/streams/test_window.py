"""The window completes a prefix of each partition, whatever finishes first."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.chassis.streams.event import Event
from services.chassis.streams.window import OrderedWindow, Work
from tests.unit.streams.support import event

_PARTITIONS = st.integers(0, 2)


class WindowMachine(RuleBasedStateMachine):
    """Events arrive, finish in any order, and partitions are dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.window = OrderedWindow(self._complete)
        self.next_offset = [0, 0, 0]
        self.open: list[Work] = []
        self.finished: set[tuple[int, int]] = set()
        self.completed: dict[int, list[int]] = {0: [], 1: [], 2: []}
        # The first offset that the current assignment of each partition saw.
        self.first = [0, 0, 0]

    def _complete(self, done: Event, token: object) -> None:
        assert token == (done.partition, done.offset)
        self.completed[done.partition].append(done.offset)

    @rule(partition=_PARTITIONS)
    def arrive(self, partition: int) -> None:
        """The driver submits the next event of a partition."""
        offset = self.next_offset[partition]
        self.next_offset[partition] += 1
        work = Work(event(offset, partition=partition), (partition, offset))
        self.window.add(work)
        self.open.append(work)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        """Any event in flight finishes."""
        work = self.open.pop(data.draw(st.integers(0, len(self.open) - 1)))
        self.finished.add((work.event.partition, work.event.offset))
        self.window.finish(work)

    @rule(partition=_PARTITIONS)
    def revoke(self, partition: int) -> None:
        """A partition goes elsewhere; its events may still finish, late."""
        dropped = self.window.drop([partition])
        assert all(work.dropped for work in dropped)
        self.first[partition] = self.next_offset[partition]
        self.completed[partition].clear()

    @invariant()
    def completes_a_prefix(self) -> None:
        """No event completes past an unfinished one, and none twice."""
        for partition, offsets in self.completed.items():
            start = self.first[partition]
            assert offsets == list(range(start, start + len(offsets)))
            assert all((partition, offset) in self.finished for offset in offsets)

    @invariant()
    def completes_all_it_can(self) -> None:
        """The oldest event in flight is one that has not finished."""
        for partition in range(3):
            position = self.window.position(partition)
            assert position is None or (partition, position) not in self.finished

    @invariant()
    def counts_what_it_holds(self) -> None:
        """The size is that of everything submitted, not completed and not dropped."""
        held = sum(
            self.next_offset[partition] - self.first[partition] - len(self.completed[partition])
            for partition in range(3)
        )
        assert self.window.size == held


TestWindow = WindowMachine.TestCase


def test_the_oldest_timestamp_is_that_of_the_oldest_head() -> None:
    window = OrderedWindow(lambda *_: None)
    assert window.oldest_timestamp() is None
    for offset, timestamp, partition in ((0, 20.0, 0), (0, 10.0, 1), (1, 5.0, 0)):
        window.add(Work(Event("t", partition, offset, None, b"", {}, timestamp)))
    assert window.oldest_timestamp() == 10.0
