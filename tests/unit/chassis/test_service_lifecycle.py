"""The order in which the parts of a process live."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from services.chassis.clock import ManualClock
from services.chassis.service import Failure, Service, ServiceFailedError
from services.chassis.settings import LifecycleSettings


class Part:
    def __init__(self, name: str, diary: list[str], *, failing: str = "") -> None:
        self.name = name
        self._diary = diary
        self._failing = failing

    async def start(self) -> None:
        self._note("start")

    async def drain(self) -> None:
        self._note("drain")

    async def stop(self) -> None:
        self._note("stop")

    def _note(self, verb: str) -> None:
        self._diary.append(f"{self.name} {verb}")
        if verb == self._failing:
            raise RuntimeError(f"{self.name} cannot {verb}")


class Signpost:
    def __init__(self, diary: list[str]) -> None:
        self._diary = diary
        self.reached = asyncio.Event()

    async def ready(self) -> None:
        self._diary.append("ready")
        self.reached.set()

    async def not_ready(self) -> None:
        self._diary.append("not ready")


@pytest.fixture
def diary() -> list[str]:
    return []


def _service(
    diary: list[str],
    *parts: Part,
    clock: ManualClock | None = None,
    propagation_seconds: float = 0,
    drain_seconds: float = 5,
    stop_seconds: float = 5,
    failures: Sequence[Failure] = (),
) -> Service:
    return Service(
        "test",
        components=parts,
        readiness=Signpost(diary),
        settings=LifecycleSettings(
            propagation_seconds=propagation_seconds, drain_seconds=drain_seconds, stop_seconds=stop_seconds
        ),
        clock=clock or ManualClock(),
        failures=failures,
    )


async def _run_until_ready(service: Service) -> None:
    """Run, and wish to end as soon as it is ready."""
    assert isinstance(service.readiness, Signpost)
    await service.run(service.readiness.reached.wait())


async def _now() -> None:
    """A wish to end that is there from the first moment after the start."""


async def test_start_ready_drain_stop_in_that_order(diary: list[str]) -> None:
    service = _service(diary, Part("a", diary), Part("b", diary))
    await _run_until_ready(service)
    assert diary == [
        *("a start", "b start", "ready"),
        *("not ready", "b drain", "a drain"),
        *("b stop", "a stop"),
    ]


async def test_a_failing_start_stops_what_was_started_and_is_never_ready(diary: list[str]) -> None:
    service = _service(diary, Part("a", diary), Part("b", diary, failing="start"), Part("c", diary))
    with pytest.raises(RuntimeError, match="b cannot start"):
        await service.start()
    assert diary == ["a start", "b start", "a stop"]


async def test_a_failing_stop_does_not_keep_the_others(diary: list[str]) -> None:
    service = _service(diary, Part("a", diary), Part("b", diary, failing="stop"))
    await service.start()
    await service.stop()
    assert diary[-2:] == ["b stop", "a stop"]


async def test_a_failing_drain_still_stops(diary: list[str]) -> None:
    service = _service(diary, Part("a", diary, failing="drain"))
    with pytest.raises(RuntimeError, match="a cannot drain"):
        await _run_until_ready(service)
    assert diary[-1] == "a stop"


async def test_draining_waits_until_endpoints_have_noticed(diary: list[str]) -> None:
    clock = ManualClock()
    service = _service(diary, Part("a", diary), clock=clock, propagation_seconds=3)
    await service.start()
    draining = asyncio.create_task(service.drain())
    await asyncio.sleep(0)
    await clock.advance(2.9)
    assert diary[-1] == "not ready"
    await clock.advance(0.2)
    await draining
    assert diary[-1] == "a drain"


async def test_a_drain_past_its_limit_is_given_up(diary: list[str]) -> None:
    class Endless(Part):
        async def drain(self) -> None:
            await asyncio.Event().wait()

    service = _service(diary, Part("a", diary), Endless("b", diary), drain_seconds=0.01)
    await service.start()
    await service.drain()
    assert diary[-1] == "a drain"


async def test_a_stop_past_its_limit_does_not_keep_the_others(diary: list[str]) -> None:
    class Endless(Part):
        async def stop(self) -> None:
            await asyncio.Event().wait()

    service = _service(diary, Part("a", diary), Endless("b", diary), stop_seconds=0.01)
    await service.start()
    await service.stop()
    assert diary[-1] == "a stop"


async def test_the_end_during_the_start_breaks_it_off(diary: list[str]) -> None:
    class Slow(Part):
        async def start(self) -> None:
            await asyncio.Event().wait()

    service = _service(diary, Part("a", diary), Slow("b", diary))
    await service.run(_now())
    assert diary == ["a start", "a stop"]


async def test_a_part_that_gives_up_drains_the_service_and_fails_it(diary: list[str]) -> None:
    async def broken() -> BaseException:
        return OSError("disk gone")

    service = _service(diary, Part("a", diary), failures=[broken])
    with pytest.raises(ServiceFailedError) as failed:
        await service.run(asyncio.Event().wait())
    assert isinstance(failed.value.__cause__, OSError)
    assert diary == ["a start", "ready", "not ready", "a drain", "a stop"]
