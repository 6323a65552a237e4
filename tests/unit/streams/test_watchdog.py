"""Progress per assigned partition."""

from collections.abc import Mapping

from services.chassis.clock import ManualClock
from services.chassis.streams.drivers.driver import PartitionProgress
from services.chassis.streams.event import Event
from services.chassis.streams.failures import ConsumerFailedError
from services.chassis.streams.strategy import Strategy
from services.chassis.streams.watchdog import ProgressWatchdog


class ToldDriver:
    """Says what it is told to say."""

    def __init__(self) -> None:
        self.says: Mapping[int, PartitionProgress] | None = {}

    async def progress(self) -> Mapping[int, PartitionProgress]:
        if self.says is None:
            raise ConsumerFailedError("no broker")
        return self.says

    def completed(self, event: Event, token: object) -> None: ...

    async def start(self, strategy: Strategy) -> None: ...

    async def drain(self) -> None: ...

    async def stop(self) -> None: ...


class Watch:
    """A watchdog with a limit of sixty seconds and a clock to move."""

    def __init__(self) -> None:
        self.clock = ManualClock(0.0)
        self.driver = ToldDriver()
        self.watchdog = ProgressWatchdog("s", stalled_after_seconds=60.0, clock=self.clock)

    async def look(self, after: float, **partitions: tuple[int, int]) -> bool:
        """Let time pass, then check with the given (completed, end) by partition."""
        await self.clock.advance(after)
        self.driver.says = {
            int(name[1:]): PartitionProgress(completed, end) for name, (completed, end) in partitions.items()
        }
        await self.watchdog.check(self.driver)
        return self.watchdog.stalled


async def test_events_that_wait_without_progress_are_a_stall() -> None:
    watch = Watch()
    assert not await watch.look(0, p0=(5, 9))
    assert not await watch.look(59, p0=(5, 12))
    assert await watch.look(1, p0=(5, 12))


async def test_one_stuck_partition_among_moving_ones_is_a_stall() -> None:
    watch = Watch()
    await watch.look(0, p0=(5, 9), p1=(0, 100))
    await watch.look(30, p0=(5, 9), p1=(50, 100))
    assert await watch.look(30, p0=(5, 9), p1=(80, 100))


async def test_progress_ends_a_stall() -> None:
    watch = Watch()
    await watch.look(0, p0=(5, 9))
    assert await watch.look(60, p0=(5, 9))
    assert not await watch.look(1, p0=(6, 9))


async def test_nothing_waiting_is_no_stall() -> None:
    watch = Watch()
    await watch.look(0, p0=(9, 9))
    assert not await watch.look(1000, p0=(9, 9))
    assert not await watch.look(1, p0=(9, 10))


async def test_a_partition_that_went_elsewhere_is_no_stall() -> None:
    watch = Watch()
    await watch.look(0, p0=(5, 9))
    await watch.look(30)
    assert not await watch.look(40, p0=(5, 9))


async def test_a_broker_that_does_not_answer_is_no_stall() -> None:
    watch = Watch()
    await watch.look(0, p0=(5, 9))
    await watch.clock.advance(100)
    watch.driver.says = None
    await watch.watchdog.check(watch.driver)
    assert not watch.watchdog.stalled
    assert not await watch.look(30, p0=(5, 9))
    assert await watch.look(30, p0=(5, 9))
