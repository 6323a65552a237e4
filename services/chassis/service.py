"""The life of a service process: start → ready → drain → stop, in that order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol

import structlog

from services.chassis.clock import Clock
from services.chassis.errors import PalisadeError
from services.chassis.settings import LifecycleSettings

_log = structlog.get_logger(__name__)


class Component(Protocol):
    """A part with a life of its own. Parts are started in order and drained and stopped in reverse."""

    @property
    def name(self) -> str:
        """Short, for logs."""

    async def start(self) -> None:
        """Acquire what is needed. Raising fails the start; parts already started are stopped."""

    async def drain(self) -> None:
        """Accept nothing new and finish what was accepted. Called once, after readiness was withdrawn."""

    async def stop(self) -> None:
        """Release everything. Must succeed after a failed or skipped drain."""


class Readiness(Protocol):
    """Where the world learns whether this process wants work."""

    async def ready(self) -> None:
        """Everything is started: health says SERVING."""

    async def not_ready(self) -> None:
        """Health says NOT_SERVING; work already accepted goes on."""


class ServiceFailedError(PalisadeError):
    """A part gave up while the service ran; the cause is chained. The service was drained."""

    code = "SERVICE_FAILED"


Failure = Callable[[], Awaitable[BaseException]]
"""Returns, when a part gives up, why."""


class Service:
    """All parts of one process, and the order in which they live."""

    def __init__(
        self,
        name: str,
        *,
        components: Sequence[Component],
        readiness: Readiness,
        settings: LifecycleSettings,
        clock: Clock,
        failures: Sequence[Failure] = (),
    ) -> None:
        self.name = name
        self.readiness = readiness
        self._failures = tuple(failures)
        self._components = tuple(components)
        self._settings = settings
        self._clock = clock
        self._started: list[Component] = []

    async def start(self) -> None:
        """Start every part, then say ready. On failure, stop what was started and raise."""
        try:
            for component in self._components:
                await component.start()
                self._started.append(component)
                _log.debug("component_started", component=component.name)
        except BaseException:
            await self.stop()
            raise
        await self.readiness.ready()
        _log.info("service_ready", service=self.name)

    async def drain(self) -> None:
        """Withdraw readiness, let endpoints notice, finish accepted work within the limit."""
        await self.readiness.not_ready()
        _log.info("service_draining", service=self.name)
        await self._clock.sleep(self._settings.propagation_seconds)
        for component in reversed(self._started):
            try:
                async with asyncio.timeout(self._settings.drain_seconds):
                    await component.drain()
            except TimeoutError:
                _log.error("drain_timed_out", component=component.name)

    async def stop(self) -> None:
        """Stop every started part, the last first; one that fails or hangs does not keep the others."""
        while self._started:
            component = self._started.pop()
            try:
                async with asyncio.timeout(self._settings.stop_seconds):
                    await component.stop()
            except TimeoutError:
                _log.error("stop_timed_out", component=component.name)
            except Exception:  # noqa: BLE001 - boundary: the remaining parts must still be released
                _log.exception("stop_failed", component=component.name)
        _log.info("service_stopped", service=self.name)

    async def run(self, until: Awaitable[object]) -> None:
        """Live until `until` is done or a part gives up: start, wait, drain, stop.

        Raises ServiceFailedError in the second case. Where `until` comes first, an unfinished
        start is broken off.
        """
        ended: asyncio.Future[Any] = asyncio.ensure_future(until)
        if not await self._started_before(ended):
            return
        try:
            failure = await self._first_failure(ended)
            await self.drain()
        finally:
            await self.stop()
        if failure is not None:
            raise ServiceFailedError(f"{self.name}: {failure}") from failure

    async def _started_before(self, ended: asyncio.Future[Any]) -> bool:
        starting = asyncio.ensure_future(self.start())
        await asyncio.wait({starting, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            with suppress(asyncio.CancelledError):
                await starting
            return False
        await starting
        return True

    async def _first_failure(self, ended: asyncio.Future[Any]) -> BaseException | None:
        """None when `ended` is done first."""
        failing: list[asyncio.Future[BaseException]] = [
            asyncio.ensure_future(failure()) for failure in self._failures
        ]
        try:
            done, _ = await asyncio.wait({ended, *failing}, return_when=asyncio.FIRST_COMPLETED)
            return next((task.result() for task in failing if task in done), None)
        finally:
            for task in failing:
                task.cancel()


async def termination() -> None:
    """Return at the first SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    terminated = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, terminated.set)
    await terminated.wait()
